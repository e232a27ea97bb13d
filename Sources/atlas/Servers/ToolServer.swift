import AtlasCore
import JSON

/// One server, started as a host starts it, and the conversation with it (MCP 2025-11-25 over standard input and output).
///
/// For one thread at a time. It is ended when it goes out of use, whatever happened.
final class ToolServer {
    let path: String
    private let child: ChildProcess
    private let pipes: LinePipes
    private var isOver = false
    private var lastID = 0
    /// Answers what the server asks, such as `elicitation/create`; nil for what is not understood.
    var answer: (_ method: String, _ parameters: JSON) -> JSON? = { _, _ in nil }
    /// Hears what the server tells unasked, such as `notifications/progress`.
    var hear: (_ method: String, _ parameters: JSON) -> Void = { _, _ in }

    static let revision = "2025-11-25"

    init(_ path: String, _ arguments: [String] = [], environment: [String: String], folder: String? = nil) throws {
        self.path = path
        (child, pipes) = try LinePipes.start([path] + arguments, environment: environment, folder: folder)
    }

    deinit { if !isOver { _ = end(within: .zero) } }

    /// What the server has logged.
    var log: String { pipes.errorText }

    /// The handshake; gives what the server says of itself.
    func open(capabilities: JSON = [:], within patience: Duration = .seconds(20)) throws -> JSON {
        let hello = try request(
            "initialize",
            [
                "protocolVersion": .string(Self.revision), "capabilities": capabilities,
                "clientInfo": ["name": "atlas", "version": .string(atlasVersion)],
            ], within: patience)
        send(["jsonrpc": "2.0", "method": "notifications/initialized"])
        return hello
    }

    /// Every tool, as `tools/list` describes it.
    func tools(within patience: Duration = .seconds(20)) throws -> [JSON] {
        var tools: [JSON] = []
        var parameters: JSON = [:]
        for _ in 0..<100 {
            let page = try request("tools/list", parameters, within: patience)
            tools += page["tools"]?.items ?? []
            guard let next = page["nextCursor"]?.text else { break }
            parameters = ["cursor": .string(next)]
        }
        return tools
    }

    /// The result of one request. Meanwhile the server may ask and tell.
    ///
    /// - Throws: ``CommandFailure`` when the server refuses, takes too long, or ends.
    func request(_ method: String, _ parameters: JSON, within patience: Duration) throws -> JSON {
        lastID += 1
        let id = lastID
        send(["jsonrpc": "2.0", "id": .integer(id), "method": .string(method), "params": parameters])
        let end = ContinuousClock.now + patience
        while true {
            let message = try receive(method, id, until: end)
            if let asked = message["method"]?.text {
                let parameters = message["params"] ?? [:]
                if let id = message["id"] { respond(to: asked, id, parameters) } else { hear(asked, parameters) }
                continue
            }
            guard message["id"] == .integer(id) else { continue }
            if let error = message["error"] {
                throw CommandFailure(
                    message:
                        "\(FilePaths.name(path)) refused \(method): \((error["message"]?.text ?? "\(error)").cleaned())",
                    code: "refused")
            }
            return message["result"] ?? [:]
        }
    }

    /// Ends the conversation and waits for the server's end: its exit code, or the negated number of a signal.
    func end(within patience: Duration = .seconds(5)) -> Int32 {
        guard !isOver else { return 0 }
        isOver = true
        pipes.closeInput()
        pipes.drain(until: .now + patience)
        if let code = child.wait(atMost: patience == .zero ? .milliseconds(50) : patience) { return code }
        return child.end()
    }

    private func receive(_ method: String, _ id: Int, until end: ContinuousClock.Instant) throws -> JSON {
        do {
            let line = try pipes.line(until: end)
            guard let message = try? JSON(parsing: line) else {
                throw CommandFailure(
                    message:
                        "\(FilePaths.name(path)) wrote something that is not JSON. Is \(path) a server of this Atlas?")
            }
            return message
        } catch LinePipes.Failure.timeout {
            send(["jsonrpc": "2.0", "method": "notifications/cancelled", "params": ["requestId": .integer(id)]])
            throw CommandFailure(
                message: "\(FilePaths.name(path)) did not answer \(method) in time." + told, code: "timeout")
        } catch LinePipes.Failure.ended {
            let code = self.end(within: .seconds(2))
            let how = code < 0 ? "was ended by signal \(-code)" : "ended with exit code \(code)"
            throw CommandFailure(
                message: "\(FilePaths.name(path)) \(how)." + told, code: "ended", exitCode: code == 78 ? 78 : 1)
        } catch LinePipes.Failure.tooLong {
            throw CommandFailure(message: "\(FilePaths.name(path)) wrote a line that is too long.")
        }
    }

    private var told: String { log.isEmpty ? "" : " It said:\n\(log)" }

    private func respond(to method: String, _ id: JSON, _ parameters: JSON) {
        if method == "ping" { return send(["jsonrpc": "2.0", "id": id, "result": [:]]) }
        if let result = answer(method, parameters) { return send(["jsonrpc": "2.0", "id": id, "result": result]) }
        send(["jsonrpc": "2.0", "id": id, "error": ["code": -32601, "message": "atlas does not understand this."]])
    }

    private func send(_ message: JSON) { pipes.send(message.bytes) }
}
