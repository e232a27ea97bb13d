import JSON
import Logging
import Synchronization

@testable import MCP

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What a client would be: it starts a server on two pipes, writes lines and reads lines.
final class Host: Sendable {
    private let toServer: Int32
    private let fromServer: Int32
    private let serverEnds: (Int32, Int32)
    private let lines = Monitor<(received: [String], isOver: Bool)>((received: [], isOver: false))
    private let taken = Mutex(0)
    private let ended = Monitor(false)

    /// - Parameter reading: whether lines are read as they come, or only from ``startReading()`` on.
    init(_ server: Server<Shop> = .shop(), reading: Bool = true) {
        var input: [Int32] = [0, 0], output: [Int32] = [0, 0]
        precondition(pipe(&input) == 0 && pipe(&output) == 0)
        signal(SIGPIPE, SIG_IGN)
        toServer = input[1]
        fromServer = output[0]
        serverEnds = (input[0], output[1])
        let (serverInput, serverOutput) = serverEnds
        startThread { [ended] in
            server.serve(on: Wire(input: serverInput, output: serverOutput))
            close(serverInput)
            close(serverOutput)
            ended.withLock { $0 = true }
            ended.notify()
        }
        if reading { startReading() }
    }

    func startReading() {
        startThread { [lines, fromServer] in
            var reader = LineReader()
            while reader.fill(from: fromServer) > 0 {
                while case .line(let line)? = reader.next() {
                    let text = String(decoding: line, as: UTF8.self)
                    lines.withLock { $0.received.append(text) }
                    lines.notify()
                }
            }
            lines.withLock { $0.isOver = true }
            lines.notify()
        }
    }

    // MARK: - Writing

    func send(_ lines: String...) { sendRaw(Array((lines.joined(separator: "\n") + "\n").utf8)) }

    func sendRaw(_ octets: [UInt8]) {
        octets.withUnsafeBytes { octets in
            var rest = octets
            while !rest.isEmpty {
                let count = write(toServer, rest.baseAddress, rest.count)
                guard count > 0 else { return }
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
        }
    }

    /// Ends the server's input.
    func hangUp() { close(toServer) }

    /// Stops reading, as a client that died.
    func breakPipe() { close(fromServer) }

    // MARK: - Reading

    /// The next line, or `nil` if none comes in time or the server has ended.
    func line(within seconds: Double = 5) async -> String? {
        await blocking { self.takeLine(within: seconds) }
    }

    private func takeLine(within seconds: Double) -> String? {
        let position = taken.withLock { taken in
            taken += 1
            return taken - 1
        }
        return lines.wait(atMost: seconds, until: { $0.received.count > position || $0.isOver }) { lines in
            guard lines.received.count > position else {
                taken.withLock { $0 -= 1 }
                return nil
            }
            return lines.received[position]
        }
    }

    func message(within seconds: Double = 5) async -> JSON? {
        await line(within: seconds).flatMap { try? JSON(parsing: $0) }
    }

    /// Sends a line and reads the next one.
    func ask(_ line: String) async -> JSON? {
        send(line)
        return await message()
    }

    /// What came until the server ended; the input must have been ended before.
    func rest(within seconds: Double = 10) async -> [String] {
        var rest: [String] = []
        while let line = await line(within: seconds) { rest.append(line) }
        return rest
    }

    /// Whether the server has come to its end in time.
    func hasEnded(within seconds: Double = 5) async -> Bool {
        await blocking { [ended] in ended.wait(atMost: seconds, until: { $0 }, then: { $0 }) }
    }

    /// Shakes hands.
    func shakeHands(_ revision: String = "2025-11-25", capabilities: String = "{}") async -> JSON? {
        let answer = await ask(
            #"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"\#(revision)","capabilities":\#(capabilities),"clientInfo":{"name":"test","version":"1"}}}"#
        )
        send(#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#)
        return answer
    }
}

/// Waits on a thread of its own: the test's belongs to everybody.
func blocking<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result {
    await withCheckedContinuation { continuation in startThread { continuation.resume(returning: body()) } }
}

/// A thread for each job, as a stand-in for the pool that a server lends.
final class ThreadForEach: TaskExecutor {
    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        startThread { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}

/// A modern request, with its envelope.
func modern(
    _ id: String, _ method: String, _ parameters: String = "", capabilities: String = "{}", meta: String = ""
) -> String {
    let separator = parameters.isEmpty ? "" : ","
    return
        #"{"jsonrpc":"2.0","id":\#(id),"method":"\#(method)","params":{\#(parameters)\#(separator)"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":\#(capabilities)\#(meta)}}}"#
}

func call(_ id: String, _ tool: String, _ arguments: String = "{}", more: String = "") -> String {
    #"{"jsonrpc":"2.0","id":\#(id),"method":"tools/call","params":{"name":"\#(tool)","arguments":\#(arguments)\#(more)}}"#
}
