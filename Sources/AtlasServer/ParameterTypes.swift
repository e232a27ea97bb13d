import AtlasCore
import JSON
import MCP

// The business's own choices, as values of parameters.
extension ContactType: ParameterValue {}
extension ContactStatus: ParameterValue {}
extension InteractionType: ParameterValue {}
extension ContactChange.Field: ParameterValue {}
extension ContextDetail: ParameterValue {}
extension CallStatus: ParameterValue {}
extension CallTranscriptStatus: ParameterValue {}
extension CallDirection: ParameterValue {}

extension Rule {
    /// What the business puts in place of a parameter that was left out. The tool itself must see that it was: a default that
    /// nobody gave does not contradict what is known.
    public static func defaultsTo(_ value: JSON) -> Rule {
        Rule {
            $0["default"] = value
        } complaint: { _ in
            nil
        }
    }
}

extension String {
    /// What every tool that must not act twice says of its key.
    public static let idempotencyKey =
        "A key of your own, at most 128 characters: a repeat with the same key and arguments does nothing and returns the first outcome."
}
