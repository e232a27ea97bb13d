import JSON

extension Client {
    /// What a user made of a question.
    public enum Answer: Sendable, Equatable {
        /// The form, filled in; it conforms to what was asked.
        case accept(JSON.Object)
        /// The user said no.
        case decline
        /// The user closed the form, did not answer in time, or the client failed to ask.
        case cancel
        /// There is no user to ask: the client does not offer it.
        case unavailable

        /// Reads the result of `elicitation/create`; `nil` if it is none, or not what the form asked for.
        init?(_ result: JSON, to form: Form, _ revision: Revision) {
            switch result["action"]?.text {
            case "accept":
                guard let content = form.accepted(result["content"]?.object ?? [:], revision) else { return nil }
                self = .accept(content)
            case "decline": self = .decline
            case "cancel": self = .cancel
            default: return nil
            }
        }
    }
}
