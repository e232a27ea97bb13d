import JSON

/// The questions of one modern call and the answers it has so far.
///
/// Modern clients keep no session and take no requests: a question goes out as the result of the call, and the call comes back
/// with the answer. Everything learnt before travels along in the sealed ``RequestState``, so that the call can be made again from
/// its beginning, by any process that has the key.
struct Dialogue: Sendable {
    struct Question: Sendable {
        let key: String
        let request: JSON
        let state: RequestState
    }

    private var state: RequestState
    /// What the client sent along: answers by the key of their question.
    private let responses: JSON.Object
    private var asked = 0
    /// The question that nobody has answered yet.
    private(set) var pending: Question?

    init(state: RequestState = RequestState(), responses: JSON.Object = [:]) {
        self.state = state
        self.responses = responses
    }

    /// Whether the next question would be answered from what is known.
    func knows(_ message: String, _ form: Form, _ revision: Revision) -> Bool {
        var copy = self
        return (try? copy.ask(message, form, revision)) != nil
    }

    /// Answers from what is known, or makes the question ``pending``.
    mutating func ask(_ message: String, _ form: Form, _ revision: Revision) throws(QuestionPending) -> Client.Answer {
        asked += 1
        let key = "ask_\(asked)"
        let request = form.request(message, revision)
        let digest = Base64.encodeForURL(Array(SHA256.hash(Array(key.utf8) + request.bytes).prefix(12)))

        if asked <= state.answers.count {
            let known = state.answers[asked - 1]
            if known.question == digest, let answer = Client.Answer(known.result, to: form, revision) { return answer }
            // It is another question by now: this answer and those that came after it are void.
            state.answers.removeSubrange((asked - 1)...)
            state.open = nil
        }
        if state.open == digest, let result = responses[key], let answer = Client.Answer(result, to: form, revision) {
            var kept: JSON.Object = ["action": result["action"] ?? nil]
            if case .accept(let content) = answer { kept.append("content", .object(content)) }
            state.answers.append(RequestState.Answer(question: digest, result: .object(kept)))
            state.open = nil
            return answer
        }
        state.open = digest
        pending = Question(key: key, request: request, state: state)
        throw QuestionPending()
    }
}

/// Ends a call whose question has to go out first; the call will be made again with the answer.
struct QuestionPending: ControlFlow {}
