import JSON
import Logging

/// One run of a server over two file descriptors, from the first line to the end.
final class Conversation: Sendable {
    private let catalog: Catalog
    private let seal: StateSeal
    private let executor: (any TaskExecutor)?
    private let alarm: Alarm
    private let writer: Writer
    private let questions: Questions
    private let subscriptions: Subscriptions
    private let calls = Calls()
    /// What every modern result says of the server.
    private let serverInfo: [UInt8]

    /// How many messages a batch may have.
    private static let largestBatch = 1000

    init(
        _ catalog: Catalog, seal: StateSeal, executor: (any TaskExecutor)?, patience: Duration, output: Int32
    ) {
        self.catalog = catalog
        self.seal = seal
        self.executor = executor
        let alarm = Alarm()
        self.alarm = alarm
        writer = Writer(output) { alarm.ring(.broken) }
        questions = Questions(writer, patience: patience)
        subscriptions = catalog.resources.changes?.subscriptions ?? Subscriptions()
        subscriptions.open(writer)
        serverInfo = catalog.description.implementation(.modern).bytes
    }

    // MARK: - Reading

    /// Reads and serves lines until the input ends, a signal comes, or nobody reads the output any more.
    func run(input: Int32, watchingSignals: Bool) {
        if watchingSignals { alarm.watchSignals() }
        defer { if watchingSignals { alarm.ignoreSignals() } }
        var session = Session(catalog, subscriptions)
        var reader = LineReader()
        while true {
            let (hasInput, reasons) = alarm.wait(for: input)
            guard reasons == 0 else { return stop(session) }
            guard hasInput else { continue }
            let count = reader.fill(from: input)
            while let event = reader.next() { receive(event, &session) }
            if count == 0 || (count < 0 && !LineReader.mayTryAgain) { break }
        }
        if let event = reader.last() { receive(event, &session) }
        finish(session)
    }

    private func receive(_ event: LineReader.Event, _ session: inout Session) {
        guard case .line(let line) = event else { return reply(.error(.lineTooLong), to: nil, .newestLegacy) }
        switch Message.read(line) {
        case .single(let message): act(on: session.decide(message), message, .line(writer))
        case .unreadable(let error, let id):
            catalog.logger.debug("A line could not be read", metadata: ["reason": "\(error)"])
            reply(.error(.unparsable(error)), to: id, .newestLegacy)
        case .batch(let messages):
            guard session.takesBatches else { return refuse("a batch needs revision 2025-03-26") }
            guard !messages.isEmpty else { return refuse("the batch is empty") }
            guard messages.count <= Self.largestBatch else { return refuse("the batch is too long") }
            let batch = Batch(of: messages.count, writer)
            for message in messages {
                act(on: session.decide(message, isInBatch: true), message, .batch(batch))
            }
        }
    }

    private func refuse(_ reason: String) { reply(.error(.invalidRequest(reason)), to: nil, .newestLegacy) }

    private func reply(_ reply: Reply, to id: RequestID?, _ revision: Revision) {
        writer.write(reply.line(id, revision, serverInfo: serverInfo))
    }

    private func act(on decision: Decision, _ message: Message, _ destination: Destination) {
        switch decision {
        case .ignore: destination.skip()
        case .reply(let reply, let revision):
            destination.deliver(reply.line(message.id, revision, serverInfo: serverInfo))
        case .work(let work): start(work, message, destination)
        case .cancel(let id):
            calls.cancel(id)
            subscriptions.cancel(id)
            destination.skip()
        case .response:
            questions.receive(message)
            destination.skip()
        case .listen(let filter, let kinds):
            guard let id = message.id else { return }
            if !subscriptions.listen(id, filter, serverInfo: serverInfo, acknowledging: kinds) {
                reply(.error(.invalidRequest("this id listens already, or too many do")), to: id, .modern)
            }
        }
    }

    // MARK: - Serving

    private func start(_ work: Work, _ message: Message, _ destination: Destination) {
        guard let id = message.id else { return }
        let dialogue: Dialogue?
        do {
            dialogue = work.terms.standing == .stateless ? try resumedDialogue(work) : nil
        } catch {
            return destination.deliver(Reply.error(error).line(id, work.terms.revision, serverInfo: serverInfo))
        }
        let client = Client(
            work.terms, meta: message.meta ?? [:], progressToken: message.progressToken, dialogue: dialogue,
            connection: Client.Connection(writer: writer, questions: questions))
        let number = calls.begin(id, client, destination)
        let task = Task(executorPreference: executor) {
            let begun = monotonicNow()
            let answer = await self.answer(work, id, client)
            self.catalog.logger.debug(
                "A request was served",
                metadata: ["method": "\(work.method)", "microseconds": "\((monotonicNow() - begun) / 1000)"])
            guard self.calls.claim(number) else { return }
            destination.deliver(answer)
            self.calls.end()
        }
        calls.attach(task, to: number)
    }

    private func answer(_ work: Work, _ id: RequestID, _ client: Client) async -> [UInt8] {
        let reply: Reply
        do {
            let body = try await work.perform(client)
            // A tool may have caught what was to end its call: the question still comes first.
            reply = interlude(work, client) ?? .result(body)
        } catch {
            reply = interlude(work, client) ?? .error(describe(error, work))
        }
        return reply.line(id, work.terms.revision, serverInfo: serverInfo)
    }

    private func describe(_ error: any Error, _ work: Work) -> ProtocolError {
        if error is CancellationError { return ProtocolError(-32603, "The request was cancelled inside the server") }
        return catalog.protocolError(error, work.terms.revision)
    }

    // MARK: - Questions of the modern era

    /// What a call that is made again has learnt before.
    private func resumedDialogue(_ work: Work) throws(ProtocolError) -> Dialogue {
        let parameters = work.parameters
        var responses = JSON.Object()
        if let given = parameters["inputResponses"] {
            guard let object = given.object, object.members.allSatisfy({ $0.value.object != nil }) else {
                throw .badParameters("inputResponses must be an object of objects")
            }
            responses = object
        }
        guard let given = parameters["requestState"] else { return Dialogue() }
        guard let text = given.text else { throw .badParameters("requestState must be a string") }
        let state = try seal.open(text, for: StateSeal.purpose(work.method, parameters))
        return Dialogue(state: state, responses: responses)
    }

    /// What goes out instead of the result, if the tool has asked something or must be refused.
    private func interlude(_ work: Work, _ client: Client) -> Reply? {
        if let refusal = client.refusal { return .error(refusal) }
        guard let question = client.pendingQuestion else { return nil }
        var body = ResultBody()
        body.type = "input_required"
        let request: JSON = ["method": "elicitation/create", "params": question.request]
        body.member("inputRequests", .object([question.key: request]))
        let purpose = StateSeal.purpose(work.method, work.parameters)
        body.member("requestState", .string(seal.seal(question.state, for: purpose)))
        return .result(body)
    }

    // MARK: - Ending

    /// The input has ended. A developer's pipe wants all its answers; a client that has shaken hands is going away, and hears
    /// only what it asked a moment ago (its own reader may be gone: MCP Python SDK 1.x fails on a line that comes late).
    private func finish(_ session: Session) {
        let isPipe = !session.hasShakenHands
        let now = monotonicNow()
        let deadline = now + (isPipe ? 30_000_000_000 : 1_500_000_000)
        if !isPipe { subscriptions.close(tellingListeners: false) }
        questions.close()
        calls.drain(keepingFrom: isPipe ? 0 : now - min(now, 250_000_000), isSilent: !isPipe, alarm)
        while !calls.isEmpty {
            let left = Int64(deadline) - Int64(monotonicNow())
            guard left > 0 else { break }
            let (_, reasons) = alarm.wait(for: nil, milliseconds: Int32(left / 1_000_000) + 1)
            guard reasons & ~Alarm.Reason.idle.rawValue == 0 else { return stop(session) }
        }
        calls.cancelAll()
        subscriptions.close(tellingListeners: isPipe)
        writer.flush(atMost: max(0.1, Double(Int64(deadline) - Int64(monotonicNow())) / 1e9))
        writer.close()
    }

    /// A signal has come, or nobody listens: everything ends here.
    private func stop(_ session: Session) {
        calls.cancelAll()
        questions.close()
        subscriptions.close(tellingListeners: !session.hasShakenHands)
        writer.flush(atMost: 0.1)
        writer.close()
    }
}

extension ResultBody {
    fileprivate mutating func member(_ name: StaticString, _ object: JSON.Object) { member(name, .object(object)) }
}
