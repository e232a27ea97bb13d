import JSON
import Logging

/// The tools of one server, ready to be listed and called.
package struct Toolbox<Services: Sendable>: Sendable {
    /// How many octets of JSON a result may have. Tools page; this is the last guard.
    package static var largest: Int { 65_536 }

    private let entries: [Entry]
    private let positions: [String: Int]
    private let listings = ListingCache()
    private let failure: @Sendable (any Error) -> ToolFailure?
    private let offset: ZoneOffset
    private let gate: (any ToolGate)?
    private let logger: Logger

    private struct Entry: Sendable {
        let type: any Tool<Services>.Type
        let limiter: RateLimiter
        let check: @Sendable (JSON.Object) throws -> Void
        let run: @Sendable (JSON.Object, Services, Client, @escaping ZoneOffset) async throws -> [UInt8]
    }

    /// - Parameters:
    ///   - tools: in the order clients list them.
    ///   - selection: which toolsets are registered.
    ///   - readOnly: whether only tools that change nothing are.
    ///   - failure: turns the business's errors into failures that a model may read; `nil` for what is unexpected.
    ///   - offset: seconds east of UTC in which results tell dates.
    ///   - rateLimit: how often a tool may be called.
    ///   - gate: stands between the clients and the tools.
    ///   - logger: hears of unexpected errors, under the reference that the answer shows.
    package init(
        _ tools: [any Tool<Services>.Type], selection: ToolsetSelection = .default, readOnly: Bool = false,
        failure: @escaping @Sendable (any Error) -> ToolFailure? = { _ in nil },
        offset: @escaping ZoneOffset = { _ in 0 },
        rateLimit: @Sendable (ToolHints) -> RateLimit = RateLimit.standard,
        gate: (any ToolGate)? = nil,
        logger: Logger = Logger(label: "mcp.tools")
    ) {
        let chosen = tools.filter { selection.contains($0.toolset) && (!readOnly || $0.hints.contains(.readOnly)) }
        entries = chosen.map { Self.entry($0, RateLimiter(rateLimit($0.hints))) }
        positions = Dictionary(uniqueKeysWithValues: zip(chosen.map { $0.name }, chosen.indices))
        self.failure = failure
        self.offset = offset
        self.gate = gate
        self.logger = logger
    }

    private static func entry<T: Tool>(_ type: T.Type, _ limiter: RateLimiter) -> Entry where T.Services == Services {
        Entry(
            type: type, limiter: limiter, check: { _ = try T(reading: $0) },
            run: { arguments, services, client, offset in
                let output = try await T(reading: arguments).answer(services, for: client)
                return try ResultPage.octets(of: output, upTo: largest, offset: offset)
            })
    }

    package var names: [String] { entries.map { $0.type.name } }

    package func contains(_ name: String) -> Bool { positions[name] != nil }

    // MARK: Listing

    /// The JSON text of the array that `tools/list` answers with, in the order of registration.
    package func listing(_ detail: ListingDetail) -> [UInt8] {
        listings.listing(detail) {
            let results = ResultSchema()
            var writer = JSONWriter(capacity: 2048 * entries.count)
            writer.byte(UInt8(ascii: "["))
            for (index, entry) in entries.enumerated() {
                if index > 0 { writer.byte(UInt8(ascii: ",")) }
                do {
                    writer.write(try entry.type.listing(detail, results))
                } catch {
                    preconditionFailure("\(entry.type.name) has a result that no schema can be made of: \(error).")
                }
            }
            writer.byte(UInt8(ascii: "]"))
            return writer.bytes
        }
    }

    // MARK: Calling

    /// Calls a tool. Whatever goes wrong in it is part of the result.
    ///
    /// - Throws: `CancellationError`, and errors that are ``ControlFlow``.
    package func call(
        _ name: String, _ arguments: JSON.Object, with services: Services, for client: Client
    ) async throws -> CallResult {
        guard let position = positions[name] else {
            return CallResult(ToolFailure(code: "not_found", "There is no tool \(JSON.string(name).quoted)."))
        }
        let entry = entries[position]
        if let seconds = entry.limiter.admit(at: RateLimiter.now) { return CallResult(.tooOften(name, seconds)) }
        guard let gate, gate.concerns(name, entry.type.hints) else {
            return try await run(entry, arguments, services, client)
        }
        let call = ToolCall(
            name: name, hints: entry.type.hints, toolset: entry.type.toolset, arguments: arguments,
            check: { try entry.check(arguments) })
        do {
            return try await gate.around(call, for: client) { try await run(entry, $0, services, client) }
        } catch {
            return CallResult(try describe(error, of: name))
        }
    }

    private func run(
        _ entry: Entry, _ arguments: JSON.Object, _ services: Services, _ client: Client
    ) async throws -> CallResult {
        do {
            let structured = try await entry.run(arguments, services, client, offset)
            guard structured.count <= Self.largest else { return CallResult(.tooLarge(structured.count)) }
            return CallResult(structured)
        } catch {
            return CallResult(try describe(error, of: entry.type.name))
        }
    }

    private func describe(_ error: any Error, of name: String) throws -> ToolFailure {
        switch error {
        case is CancellationError, is any ControlFlow: throw error
        // What a cancelled call fails with is how its connections died.
        case _ where Task.isCancelled: throw CancellationError()
        case let error as InvalidArguments: return error.failure
        case let error as ToolFailure: return error
        default: return failure(error) ?? unexpected(error, of: name)
        }
    }

    /// Unexpected errors may carry secrets: they belong in the log, not in the answer.
    private func unexpected(_ error: any Error, of name: String) -> ToolFailure {
        let reference = String(UInt32.random(in: 0x1000_0000 ... .max), radix: 16)
        logger.error(
            "A tool failed unexpectedly",
            metadata: ["tool": "\(name)", "reference": "\(reference)", "error": "\(String(reflecting: error))"])
        return ToolFailure(
            code: "internal",
            "\(name) failed inside the server. The server's log has the details under reference \(reference).")
    }
}

extension ToolFailure {
    fileprivate static func tooOften(_ name: String, _ seconds: Int) -> ToolFailure {
        let wait = seconds == 1 ? "1 second" : "\(seconds) seconds"
        return ToolFailure(
            code: "rate_limited", "\(name) is called too often. Wait \(wait), then try again.", retryable: true)
    }

    fileprivate static func tooLarge(_ octets: Int) -> ToolFailure {
        ToolFailure(
            code: "invalid_argument",
            "The answer would be \((octets + 1023) / 1024) KB, more than the 64 KB a result may have. "
                + "Ask for less, with a smaller limit or a narrower search.")
    }
}
