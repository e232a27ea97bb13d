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
        let orders = Pipe()
        let answers = Pipe()
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        process.standardInput = orders
        process.standardOutput = answers
        // Not inherited by what the tests start: else a forgotten child would keep the process alive.
        _ = fcntl(orders.fileHandleForWriting.fileDescriptor, F_SETFD, FD_CLOEXEC)
        do { try process.run() } catch { fatalError("cannot start \(executable): \(error)") }
        running = Mutex(
            Running(
                process: process, orders: orders.fileHandleForWriting, answers: answers.fileHandleForReading))
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
            running.process.waitUntilExit()
        }
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
