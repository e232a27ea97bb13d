import AtlasCore
import JSON
import MCP

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What persons and models are told of a request for approval.
enum ApprovalNote {
    /// The member of `_meta` that names the request.
    static let key = "atlas/approval"

    static let form: Form = [.flag("approve", "Yes, do it", isRequired: true)]

    /// Who decided, when it was by a form.
    static func decider(in peer: Client.Peer?) -> String {
        "form" + (peer.map { " in \($0.name.shortened)" } ?? "")
    }

    /// Shows a person what would be done. Values stand as JSON, so that none of them can pretend to be part of the question.
    ///
    /// The request's id makes each question another one: an answer to an earlier one does not count for it.
    static func question(_ request: ApprovalRequest) -> String {
        let id = request.id.uuidString.lowercased()
        var lines = ["\(request.server) is asked to do \(request.tool):"]
        for member in request.arguments.members where member.name != "idempotency_key" {
            let value = member.value.cleaned.description
            let count = value.unicodeScalars.count
            let shown =
                count > 4000
                ? "\(value.cutShort(at: 4000))… (\(count) characters; `atlas approvals show \(id)` shows all of them)"
                : value
            lines.append("\(member.name.cleaned()): \(shown)")
        }
        lines.append("Shall it be done? (Request \(id))")
        return lines.joined(separator: "\n")
    }

    static func note(_ id: UUID, _ status: ApprovalRequest.Status) -> JSON {
        ["id": .string(id.uuidString.lowercased()), "status": .string(status.rawValue)]
    }

    // MARK: - Results

    static func pending(_ request: ApprovalRequest) -> Passage {
        let id = request.id.uuidString.lowercased()
        let again =
            request.idempotencyKey == nil ? "with the same arguments" : "with the same arguments and idempotency_key"
        return refusal(
            request, "permission_denied",
            "This needs a person's approval: pending as \(id). Ask them to run `atlas approvals approve \(id)`, then call again "
                + "\(again).", "pending")
    }

    static func running(_ request: ApprovalRequest) -> Passage {
        refusal(
            request, "conflict",
            "This was approved and is being done right now. Wait, and call again with the same arguments to hear what became of it.",
            "conflict")
    }

    /// What the caller learns of a request that has ended.
    static func ended(_ request: ApprovalRequest) -> Passage {
        let fresh = request.idempotencyKey == nil ? "" : " with a new idempotency_key"
        switch request.status {
        case .denied:
            return refusal(
                request, "permission_denied",
                "This was denied by a person; nothing was done. Ask the user what they want instead.", "denied")
        case .expired:
            return refusal(
                request, "permission_denied",
                "The request for approval expired before it was carried out; nothing was done. If it is still wanted, make a new call\(fresh).",
                "expired")
        case .done:
            if let structured = request.outcome?["structured"] { return replay(structured, request) }
            if let failure = request.outcome?["failure"].flatMap(failure) {
                var result = CallResult(failure)
                result.notes[key] = note(request.id, .done)
                return Passage(result, approval: request.id, "replayed")
            }
            fallthrough
        default:
            return refusal(
                request, "conflict",
                "This was approved and begun, but its server ended meanwhile: it may or may not have happened. Look before you make "
                    + "a new call\(fresh).", "unknown")
        }
    }

    private static func replay(_ structured: JSON, _ request: ApprovalRequest) -> Passage {
        var answer = structured.object ?? [:]
        if answer["replayed"] != nil { answer["replayed"] = true }
        var result = CallResult(JSON.object(answer).bytes)
        result.notes[key] = note(request.id, .done)
        return Passage(result, approval: request.id, "replayed")
    }

    private static func refusal(
        _ request: ApprovalRequest, _ code: String, _ message: String, _ word: String
    ) -> Passage {
        var result = CallResult(ToolFailure(code: code, message))
        result.notes[key] = note(request.id, request.status)
        return Passage(result, approval: request.id, word)
    }

    // MARK: - Outcomes, as they are kept

    static func outcome(_ result: CallResult) -> JSON {
        if let failure = result.failure {
            var kept: JSON.Object = ["code": .string(failure.code), "message": .string(failure.message)]
            if let parameter = failure.parameter { kept.append("parameter", .string(parameter)) }
            return ["failure": .object(kept)]
        }
        return ["structured": (try? JSON(parsing: result.structured ?? [])) ?? [:]]
    }

    private static func failure(_ kept: JSON) -> ToolFailure? {
        guard let code = kept["code"]?.text, let message = kept["message"]?.text else { return nil }
        return ToolFailure(code: code, message, parameter: kept["parameter"]?.text)
    }
}

extension JSON {
    /// The same with its texts cleaned, for people to read.
    var cleaned: JSON {
        switch self {
        case .string(let text): .string(text.cleaned(keepingLines: true))
        case .array(let items): .array(items.map(\.cleaned))
        case .object(let object):
            .object(
                Object(members: object.members.map { Object.Member(name: $0.name.cleaned(), value: $0.value.cleaned) }))
        default: self
        }
    }
}
