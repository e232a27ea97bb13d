import JSON
import Synchronization

/// The client, as one request sees it: somebody to report progress to, and to ask.
///
/// A tool gets it by conforming to ``InteractiveTool``. It is good for that one request: once the request is answered or
/// cancelled, nothing said here reaches the wire.
public final class Client: Sendable {
    private struct State {
        var isOpen = true
        var progress = -Double.infinity
        var progressSent: UInt64 = 0
        var dialogue: Dialogue?
        var refusal: ProtocolError?
    }

    /// A client that hears nothing and cannot be asked, for tests and for calls from inside.
    public static let nobody = Client()

    let terms: Terms
    /// What the request says of itself, in `_meta`.
    public let meta: JSON.Object
    private let progressToken: [UInt8]?
    private let connection: Connection?
    private let state: Mutex<State>

    /// What a client handle needs of the conversation it belongs to.
    struct Connection: Sendable {
        let writer: Writer
        let questions: Questions
    }

    private init() {
        terms = .bare
        meta = [:]
        progressToken = nil
        connection = nil
        state = Mutex(State())
    }

    init(
        _ terms: Terms, meta: JSON.Object = [:], progressToken: RequestID?, dialogue: Dialogue?, connection: Connection
    ) {
        self.terms = terms
        self.meta = meta
        self.progressToken = progressToken?.token
        self.connection = connection
        state = Mutex(State(dialogue: dialogue))
    }

    // MARK: - Progress

    /// Says how far the work has come. Sent only if the client asked for it, only when it is more than before, and not more than
    /// twenty times a second; the last step, where `done` equals `total`, is always sent.
    ///
    /// - Parameters:
    ///   - done: how much is done, in any unit.
    ///   - total: how much there is to do, if known, in the same unit.
    ///   - message: what is being done, for a person to read.
    public func progress(_ done: Double, of total: Double? = nil, _ message: String? = nil) {
        guard let progressToken, let connection, done.isFinite else { return }
        let now = monotonicNow()
        state.withLock { state in
            guard state.isOpen, done > state.progress else { return }
            guard now - state.progressSent > 50_000_000 || done == total else { return }
            state.progress = done
            state.progressSent = now
            var json = JSONWriter()
            json.raw(#"{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"#)
            json.raw(progressToken)
            json.raw(#","progress":"#)
            json.write(plain: done)
            if let total, total.isFinite {
                json.raw(#","total":"#)
                json.write(plain: total)
            }
            if let message, terms.revision.hasProgressMessages {
                json.raw(#","message":"#)
                json.write(message)
            }
            json.raw("}}")
            // Under the lock, so that no progress can follow the answer.
            connection.writer.write(json.bytes)
        }
    }

    // MARK: - Elicitation

    /// Whether ``elicit(_:form:)`` reaches a person.
    public var canElicit: Bool { connection != nil && terms.client.fillsForms && terms.standing != .bare }

    /// Asks the user to fill in a form.
    ///
    /// A tool calls this without knowing how the question travels. For a client that keeps a session it waits for the answer; for
    /// one that does not, the call ends here, and is made again, from its beginning, once the user has answered: everything a tool
    /// does before it asks must therefore bear repetition, and it must ask the same questions in the same order. Nor does the
    /// answer say that it is given for the first time: what must happen once needs its own key.
    ///
    /// Never ask for a password or another secret.
    ///
    /// - Returns: what the user said; ``Answer/unavailable`` if there is nobody to ask, so that a tool can take another way.
    /// - Throws: `CancellationError` when the call is cancelled, and the error that ends a call which will be made again. Let
    ///   both pass.
    public func elicit(_ message: String, form: Form) async throws -> Answer {
        guard canElicit, let connection, form.suits(terms.revision) else { return .unavailable }
        if terms.standing == .stateless {
            return try state.withLock { state throws(QuestionPending) in
                guard state.dialogue != nil else { return .unavailable }
                return try state.dialogue!.ask(message, form, terms.revision)
            }
        }
        return try await connection.questions.ask(message, form, terms.revision)
    }

    /// Whether the call brings the answer to this question, if it were asked next.
    ///
    /// Answers come in the order of their questions. Who need not ask any more, but asked the last time, asks again if this says
    /// so, lest the answer be taken for one to a later question.
    public func hasAnswer(to message: String, form: Form) -> Bool {
        state.withLock { $0.dialogue?.knows(message, form, terms.revision) ?? false }
    }

    /// Refuses to go on unless there is a user to ask, for tools that have no other way.
    ///
    /// - Throws: an error that the client reads as "this needs the elicitation capability".
    public func requireElicitation() throws {
        guard !canElicit else { return }
        if terms.standing == .stateless {
            state.withLock { $0.refusal = .needsElicitation }
            throw ProtocolError.needsElicitation
        }
        throw ToolFailure(
            code: "not_configured", "This needs an answer from the user, and this client cannot ask one (elicitation).")
    }

    // MARK: - Ends

    /// Ends it: from now on, nothing is sent.
    func close() { state.withLock { $0.isOpen = false } }

    /// A question that has to go out instead of the result, if the tool has asked one.
    var pendingQuestion: Dialogue.Question? { state.withLock { $0.dialogue?.pending } }

    /// An error that has to go out instead of the result.
    var refusal: ProtocolError? { state.withLock { $0.refusal } }
}

extension ProtocolError: ControlFlow {}

extension JSONWriter {
    /// Writes a whole number without a fraction, the way most clients write theirs.
    mutating func write(plain number: Double) {
        if let integer = Int(exactly: number) { write(integer) } else { write(number) }
    }
}
