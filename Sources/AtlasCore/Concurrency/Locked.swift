#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A value behind a lock that many threads want at the same moment.
///
/// On Linux the standard library's `Mutex` inherits priorities, and for that each unlock hands it to the thread that has waited
/// longest. Where a dozen threads on two processors need a lock for an instant each, they then take turns by context switch
/// instead of working on: half the throughput of a server. This one lets whoever runs take it.
final class Locked<Value>: @unchecked Sendable {
    // Sendable because every access to `value` holds the lock.
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private var value: Value

    init(_ value: sending Value) {
        self.value = value
        mutex.initialize(to: pthread_mutex_t())
        pthread_mutex_init(mutex, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    func withLock<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body(&value)
    }
}
