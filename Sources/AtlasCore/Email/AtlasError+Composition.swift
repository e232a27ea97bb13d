import MIME

extension AtlasError {
    /// A message that cannot be written, by the parameter that is to blame.
    init(_ error: CompositionError) {
        let parameter: String? =
            switch error.part {
            case .from: "from_email"
            case .replyTo: "reply_to"
            case .to: "to"
            case .cc: "cc"
            case .bcc: "bcc"
            case .messageID: nil
            }
        self.init(.invalidArgument, error.message, parameter: parameter)
    }
}
