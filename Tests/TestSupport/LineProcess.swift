import Foundation
import Synchronization

/// A process for tests that is given orders and answers them, each in a line.
///
/// Its standard input is a pipe that closes with the test process, however that ends: a process that ends at the end of its
/// input leaves nothing behind.
public final class LineProcess: Sendable {
    private struct Running {
        let process: Process
        let orders: FileHandle
        let answers: FileHandle
    }
    private let running: Mutex<Running>

    public init(_ executable: String, _ arguments: [String], environment: [String: String] = [:]) {
        let process = Process()
        let (orders, answers) = (Self.pipe(), Self.pipe())
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        process.standardInput = orders.reading
        process.standardOutput = answers.writing
        do { try process.run() } catch { fatalError("cannot start \(executable): \(error)") }
        try? orders.reading.close()
        try? answers.writing.close()
        running = Mutex(Running(process: process, orders: orders.writing, answers: answers.reading))
    }

    deinit { end() }

    /// The next line that it writes; empty at the end.
    public func line() -> String { running.withLock { Self.line(of: $0) } }

    /// Gives an order and waits for the line that answers it.
    public func ask(_ order: String) -> String {
        running.withLock { running in
            running.orders.write(Data((order + "\n").utf8))
            return Self.line(of: running)
        }
    }

    public func end() {
        running.withLock { running in
            try? running.orders.close()
            for _ in 0..<500 where running.process.isRunning { usleep(20_000) }
            if running.process.isRunning { kill(running.process.processIdentifier, SIGKILL) }
        }
    }

    /// Not inherited by what other tests start at the same moment: a forgotten child would keep the process alive.
    private static func pipe() -> (reading: FileHandle, writing: FileHandle) {
        var ends: [Int32] = [-1, -1]
        #if canImport(Darwin)
            let made = Darwin.pipe(&ends)
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        #else
            // A pair of sockets can be made so in one step; a pipe (pipe2) not from Swift.
            let made = socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends)
        #endif
        precondition(made == 0, "no pipe: \(errno)")
        return (
            FileHandle(fileDescriptor: ends[0], closeOnDealloc: true),
            FileHandle(fileDescriptor: ends[1], closeOnDealloc: true)
        )
    }

    private static func line(of running: borrowing Running) -> String {
        var octets: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while octets.last != UInt8(ascii: "\n") {
            let count = read(running.answers.fileDescriptor, &buffer, buffer.count)
            guard count > 0 else { break }
            octets += buffer[..<count]
        }
        return String(decoding: octets.dropLast(), as: UTF8.self)
    }
}
