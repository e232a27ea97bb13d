#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A file descriptor to write to, and how much it takes without waiting.
///
/// The descriptor stays in blocking mode: it may be shared with other processes, which would feel a change.
struct Room: Sendable {
    enum Outcome {
        case all
        /// So many octets were taken; the rest must wait.
        case some(Int)
        /// Nobody can read it any more.
        case broken
    }

    private enum Kind { case file, pipe(capacity: Int), socket, other }

    private let descriptor: Int32
    private let kind: Kind
    /// POSIX's PIPE_BUF on Linux: a pipe that is ready takes at least this much.
    private static let atomicSize = 4096

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            kind = .other
            return
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: kind = .file
        case S_IFSOCK: kind = .socket
        case S_IFIFO:
            #if canImport(Darwin)
                kind = .other
            #else
                kind = .pipe(capacity: Int(fcntl(descriptor, 1032 /* F_GETPIPE_SZ */, 0)))
            #endif
        default: kind = .other
        }
    }

    /// Writes what fits, without ever waiting.
    func writeAtOnce(_ octets: UnsafeRawBufferPointer) -> Outcome {
        let count: Int
        if case .socket = kind {
            #if canImport(Darwin)
                count = send(descriptor, octets.baseAddress, octets.count, MSG_DONTWAIT)
            #else
                count = send(descriptor, octets.baseAddress, octets.count, Int32(MSG_DONTWAIT | MSG_NOSIGNAL))
            #endif
        } else {
            guard fits(octets.count) else { return .some(0) }
            count = write(descriptor, octets.baseAddress, octets.count)
        }
        if count == octets.count { return .all }
        if count >= 0 { return .some(count) }
        return errno == EAGAIN || errno == EINTR || errno == EWOULDBLOCK ? .some(0) : .broken
    }

    private func fits(_ count: Int) -> Bool {
        switch kind {
        case .file: return true
        case .socket, .other: return count <= Self.atomicSize && isReady(waiting: 0)
        case .pipe(let capacity):
            if count <= Self.atomicSize { return isReady(waiting: 0) }
            // An empty pipe takes as much as it can hold.
            var unread: Int32 = 0
            return count <= capacity && ioctl(descriptor, UInt(FIONREAD), &unread) == 0 && unread == 0
        }
    }

    private func isReady(waiting milliseconds: Int32) -> Bool {
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        // A broken pipe is ready too: the write will say so.
        return poll(&request, 1, milliseconds) == 1
    }

    /// Writes everything, waiting for room as long as it takes.
    ///
    /// - Returns: whether somebody can still read it.
    func writeAll(_ octets: UnsafeRawBufferPointer) -> Bool {
        var rest = octets
        while !rest.isEmpty {
            let count = write(descriptor, rest.baseAddress, rest.count)
            if count > 0 {
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            } else if errno == EAGAIN || errno == EWOULDBLOCK {
                _ = isReady(waiting: -1)
            } else if errno != EINTR {
                return false
            }
        }
        return true
    }
}
