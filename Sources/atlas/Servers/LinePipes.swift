import AtlasCore

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The three pipes of a child that speaks in lines. Every wait has an end, and a child that does not read cannot block us.
///
/// For one thread at a time.
final class LinePipes {
    private var input: Int32
    private let output: Int32
    private let errors: Int32
    private var outgoing: [UInt8] = []
    private var incoming: [UInt8] = []
    private var searched = 0
    private var said: [UInt8] = []
    private var outputEnded = false
    private var errorsEnded = false

    /// The longest line that is taken.
    private static let longestLine = 64 << 20
    /// How much of the child's standard error is kept: its end.
    private static let keptErrors = 32 << 10

    enum Failure: Error { case timeout, ended, tooLong }

    /// Starts `arguments` with a pipe at each of its standard three.
    static func start(
        _ arguments: [String], environment: [String: String], folder: String?
    ) throws -> (child: ChildProcess, pipes: LinePipes) {
        var ends: [Int32] = []
        defer { for end in ends { close(end) } }
        for _ in 0..<3 {
            guard let pair = pair() else {
                throw CommandFailure(message: "No pipe can be made: \(SystemError.last). Close some programs.")
            }
            ends += [pair.ours, pair.theirs]
        }
        let child: ChildProcess
        do {
            child = try ChildProcess(
                arguments, input: .descriptor(ends[1]), output: .descriptor(ends[3]), errors: .descriptor(ends[5]),
                environment: environment, folder: folder)
        } catch {
            throw CommandFailure(message: "\(arguments[0]) cannot be started: \(error).")
        }
        let pipes = LinePipes(input: ends[0], output: ends[2], errors: ends[4])
        ends = [ends[1], ends[3], ends[5]]
        return (child, pipes)
    }

    private init(input: Int32, output: Int32, errors: Int32) {
        (self.input, self.output, self.errors) = (input, output, errors)
        for end in [input, output, errors] { _ = fcntl(end, F_SETFL, fcntl(end, F_GETFL) | O_NONBLOCK) }
    }

    deinit {
        if input >= 0 { close(input) }
        close(output)
        close(errors)
    }

    /// What the child has said on standard error, or the end of it.
    var errorText: String { String(decoding: said, as: UTF8.self).trimmed }

    /// Whether the child said nothing more on standard output.
    var hasEnded: Bool { outputEnded && incoming.isEmpty }

    func send(_ line: [UInt8]) {
        outgoing += line
        outgoing.append(UInt8(ascii: "\n"))
    }

    /// Tells the child that nothing more will come.
    func closeInput() {
        if input >= 0 { close(input) }
        input = -1
    }

    /// The next line.
    ///
    /// - Throws: ``Failure``
    func line(until end: ContinuousClock.Instant) throws -> [UInt8] {
        while true {
            if let newline = incoming[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                let line = Array(incoming[..<newline])
                incoming.removeSubrange(...newline)
                searched = 0
                return line
            }
            searched = incoming.count
            if searched > Self.longestLine { throw Failure.tooLong }
            if outputEnded { throw Failure.ended }
            try exchange(until: end)
        }
    }

    /// Reads until the child has closed both its outputs; what it says on standard output counts no more.
    func drain(until end: ContinuousClock.Instant) {
        while !(outputEnded && errorsEnded) {
            do { try exchange(until: end) } catch { return }
            searched = 0
            incoming.removeAll(keepingCapacity: true)
        }
    }

    /// Waits for one of the pipes and does what can be done.
    private func exchange(until end: ContinuousClock.Instant) throws {
        let left = ContinuousClock.now.duration(to: end)
        guard left > .zero else { throw Failure.timeout }
        let writes = input >= 0 && !outgoing.isEmpty
        var waits = [
            pollfd(fd: outputEnded ? -1 : output, events: Int16(POLLIN), revents: 0),
            pollfd(fd: errorsEnded ? -1 : errors, events: Int16(POLLIN), revents: 0),
            pollfd(fd: writes ? input : -1, events: Int16(POLLOUT), revents: 0),
        ]
        let milliseconds = min(left / .milliseconds(1), 60_000).rounded(.up)
        let ready = poll(&waits, 3, Int32(milliseconds))
        if ready <= 0 { return }
        if waits[0].revents != 0 { outputEnded = !read(output) { incoming += $0 } }
        if waits[1].revents != 0 {
            errorsEnded = !read(errors) { said += $0 }
            if said.count > Self.keptErrors { said.removeFirst(said.count - Self.keptErrors) }
        }
        if waits[2].revents != 0 { write() }
    }

    /// - Returns: false at the end.
    private func read(_ descriptor: Int32, _ take: (ArraySlice<UInt8>) -> Void) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        let count = buffer.withUnsafeMutableBytes { readOctets(descriptor, $0.baseAddress, $0.count) }
        if count > 0 { take(buffer[..<count]) }
        return count > 0 || count < 0 && (errno == EAGAIN || errno == EINTR)
    }

    private func write() {
        let count = outgoing.withUnsafeBytes { writeOctets(input, $0.baseAddress, $0.count) }
        if count > 0 {
            outgoing.removeFirst(count)
        } else if errno != EAGAIN, errno != EINTR {
            // It reads no more; what it still says tells why.
            outgoing = []
            closeInput()
        }
    }

    /// Two ends that no other child inherits. A pair of sockets can be made so in one step; a pipe (pipe2) not from Swift.
    private static func pair() -> (ours: Int32, theirs: Int32)? {
        var ends: [Int32] = [-1, -1]
        #if canImport(Darwin)
            guard socketpair(AF_UNIX, SOCK_STREAM, 0, &ends) == 0 else { return nil }
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        #else
            guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
                return nil
            }
        #endif
        return (ends[0], ends[1])
    }
}
