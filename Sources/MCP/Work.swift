import JSON

/// What is to be done about a message.
enum Decision: Sendable {
    case ignore
    case reply(Reply, Revision)
    /// Something that may take a while and has a task of its own.
    case work(Work)
    /// The client has lost interest in a request of its own.
    case cancel(RequestID)
    /// The client has answered a request of ours.
    case response
    /// A modern client wants to hear of changes, of these kinds.
    case listen(Subscriptions.Filter, kinds: JSON.Object)

    static func error(_ error: ProtocolError, _ revision: Revision = .newestLegacy) -> Decision {
        .reply(.error(error), revision)
    }
}

/// A request that calls the business.
struct Work: Sendable {
    let method: String
    let terms: Terms
    /// The parameters as the client sent them.
    let parameters: JSON.Object
    let perform: @Sendable (Client) async throws -> ResultBody
}

/// Collects the answers to the requests of a batch and writes them as one line.
final class Batch: Sendable {
    private struct State {
        var missing: Int
        var answers: [[UInt8]] = []
    }

    private let state: Monitor<State>
    private let writer: Writer

    /// - Parameter count: how many messages the batch has; each must be settled.
    init(of count: Int, _ writer: Writer) {
        state = Monitor(State(missing: count))
        self.writer = writer
    }

    /// Settles one message, with its answer or, if it gets none, without.
    func settle(_ answer: [UInt8]?) {
        let line = state.withLock { state -> [UInt8]? in
            if let answer { state.answers.append(answer) }
            state.missing -= 1
            guard state.missing == 0, !state.answers.isEmpty else { return nil }
            return [UInt8(ascii: "[")] + Array(state.answers.joined(separator: [UInt8(ascii: ",")])) + [
                UInt8(ascii: "]")
            ]
        }
        if let line { writer.write(line) }
    }
}

/// Where the answer to a request goes.
enum Destination: Sendable {
    case line(Writer)
    case batch(Batch)

    func deliver(_ answer: consuming [UInt8]) {
        switch self {
        case .line(let writer): writer.write(answer)
        case .batch(let batch): batch.settle(answer)
        }
    }

    /// There will be no answer.
    func skip() {
        if case .batch(let batch) = self { batch.settle(nil) }
    }
}
