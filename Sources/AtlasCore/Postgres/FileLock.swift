#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A lock on a file that the kernel frees when its holder ends, however it ends.
final class FileLock: Sendable {
    enum Mode { case shared, exclusive }

    private let descriptor: Int32

    /// Opens the file, making it if need be; locks nothing yet.
    init(_ path: String) throws(SystemError) {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        if descriptor < 0 { throw SystemError.last }
    }

    deinit { close(descriptor) }

    /// Takes the lock if nobody is in the way. One already held is changed to `mode`.
    func take(_ mode: Mode) -> Bool {
        flock(descriptor, (mode == .shared ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0
    }

    /// Takes the lock, waiting for it as long as `patience`.
    func take(_ mode: Mode, patience: Duration) -> Bool {
        let end = monotonicNanoseconds() + patience.nanoseconds
        while !take(mode) {
            if monotonicNanoseconds() >= end { return false }
            usleep(10_000)
        }
        return true
    }

    func release() { flock(descriptor, LOCK_UN) }
}
