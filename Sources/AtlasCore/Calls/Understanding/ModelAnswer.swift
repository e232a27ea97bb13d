import JSON

/// A model's answer to the question what a call was about, read with distrust.
///
/// It may be fenced, chatty, preceded by thoughts, cut off, or of other types than were asked for. What can be used is; a name
/// that is none, a list that is a text and the like are put right or dropped.
struct ModelAnswer: Sendable, Equatable {
    var extracted: ExtractedCall
    var summary: String?
    var proposedActions: [JSON]
    /// Whether it was cut off, and only what is complete in it was taken.
    var isTruncated: Bool

    /// Longer answers are refused unread.
    static let longest = 256 << 10

    /// Nil when there is nothing in it that can be used.
    init?(_ text: String) {
        guard text.utf8.count <= Self.longest else { return nil }
        // JSON that was encoded twice is read twice.
        let inner = text.trimmed.hasPrefix("\"") ? (try? JSON(parsing: text))?.text : nil
        let found = EmbeddedJSON(in: Array((inner ?? text).utf8))
        let objects = found.values.flatMap(Self.objects)
        // A draft, an example and the answer may all be there: the fullest is taken, of equals the last.
        guard let best = objects.max(by: { Self.weight($0) < Self.weight($1) }), Self.weight(best) > 0 else {
            return nil
        }
        let facts = best["extracted_data"]?.object ?? best
        extracted = ExtractedCall(reading: facts)
        summary = FieldReader(best).text("summary", longest: 2000, keepsLines: true)
        let actions = best["proposed_actions"]?.items ?? found.values.lazy.compactMap(Self.actions).first ?? []
        proposedActions = ProposedAction.list(actions)
        isTruncated = found.isTruncated
    }

    /// The objects that may be the answer: a value itself, or what it wraps.
    private static func objects(in value: JSON) -> [JSON.Object] {
        if let items = value.items { return items.prefix(8).compactMap(\.object).filter { weight($0) > 0 } }
        guard let object = value.object else { return [] }
        if weight(object) > 0 { return [object] }
        return object.members.prefix(8).compactMap(\.value.object).filter { weight($0) > 0 }
    }

    private static func weight(_ object: JSON.Object) -> Int {
        let own = object.names.filter { members.contains($0) }.count
        return own + (object["extracted_data"]?.object?.names.filter { members.contains($0) }.count ?? 0)
    }

    private static let members = Set(ExtractedCall.names + ["summary", "extracted_data", "proposed_actions"])

    /// A list of actions that follows the object.
    private static func actions(in value: JSON) -> [JSON]? {
        guard let items = value.items, items.contains(where: { $0["type"] != nil || $0["label"] != nil }) else {
            return nil
        }
        return items
    }
}

/// What might be done about a call, as a model or an agent proposes it.
enum ProposedAction {
    static func list(_ items: [JSON]) -> [JSON] {
        var actions: [JSON] = []
        for item in items.prefix(10) {
            if let label = item.text?.cleaned(), !label.isEmpty {
                actions.append(["type": "other", "label": .string(label.cutShort(at: 200)), "reason": ""])
                continue
            }
            guard let object = item.object else { continue }
            let fields = FieldReader(object)
            guard let label = fields.text("label", longest: 200) ?? fields.text("type", longest: 200) else { continue }
            let type = fields.text("type", longest: 64).map(\.snakeCased) ?? ""
            actions.append([
                "type": .string(type.isEmpty ? "other" : type), "label": .string(label),
                "reason": .string(fields.text("reason", longest: 500) ?? ""),
            ])
        }
        return actions
    }
}
