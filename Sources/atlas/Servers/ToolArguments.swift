import JSON

/// The arguments of a call as they were typed: `key=text`, `key:=JSON`, and a JSON object to start from.
struct ToolArguments {
    private enum Value {
        case text(String)
        case json(JSON)
    }
    private var values: [(name: String, value: Value)] = []

    /// - Throws: ``CommandFailure`` for a word that is none of these, or whose JSON is broken.
    init(words: [String], document: [UInt8]? = nil) throws {
        if let document {
            guard let object = (try? JSON(parsing: document))?.object else {
                throw CommandFailure.usage("--arguments-json must hold one JSON object.")
            }
            values = object.members.map { ($0.name, .json($0.value)) }
        }
        for word in words {
            guard let equals = word.firstIndex(of: "="), equals != word.startIndex else {
                throw CommandFailure.usage("\(word.prefix(60)) is no argument. Write key=value, or key:=JSON.")
            }
            let text = String(word[word.index(after: equals)...])
            var name = word[..<equals]
            guard name.hasSuffix(":") else {
                values.append((String(name), .text(text)))
                continue
            }
            name.removeLast()
            guard !name.isEmpty, let json = try? JSON(parsing: Array(text.utf8)) else {
                throw CommandFailure.usage(
                    "\(name.prefix(60)):= must be followed by JSON, like 5, true, [\"a\"] or {\"a\": 1}. For text write \(name.prefix(60))=…."
                )
            }
            values.append((String(name), .json(json)))
        }
    }

    /// As the tool's schema wants them: texts become numbers, truth values and lists where these are expected and the text is one.
    /// What does not fit stays text, for the server to refuse in its own words.
    ///
    /// - Throws: ``CommandFailure`` when an argument that is no list is given twice.
    func fitted(to schema: JSON?) throws -> JSON.Object {
        var result = JSON.Object()
        for (name, value) in values {
            let property = schema?["properties"]?[name]
            switch value {
            case .json(let json):
                // A word on the command line goes before the document's member.
                result[name] = json
            case .text(let text):
                let wanted = Self.types(property)
                if wanted.contains("array"), !wanted.contains("string") {
                    let item = Self.read(text, as: Self.types(property?["items"]))
                    result[name] = .array((result[name]?.items ?? []) + [item])
                } else {
                    result[name] = Self.read(text, as: wanted)
                }
            }
        }
        return result
    }

    private static func types(_ schema: JSON?) -> [String] {
        let type = schema?["type"]
        let alternatives = (schema?["anyOf"]?.items ?? []).flatMap(types)
        return type?.text.map { [$0] } ?? type?.items?.compactMap(\.text) ?? alternatives
    }

    private static func read(_ text: String, as types: [String]) -> JSON {
        if types.contains("string") { return .string(text) }
        if types.contains("integer"), let integer = Int(text) { return .integer(integer) }
        if types.contains("number"), let number = Double(text), number.isFinite {
            return Int(text).map { .integer($0) } ?? .number(number)
        }
        if types.contains("boolean") {
            if ["true", "yes", "1"].contains(text.lowercased()) { return true }
            if ["false", "no", "0"].contains(text.lowercased()) { return false }
        }
        if types.contains("object"), let json = try? JSON(parsing: Array(text.utf8)), json.object != nil { return json }
        return .string(text)
    }
}

/// Names that a misspelt one may have meant.
enum NearName {
    /// At most three, the nearest first.
    static func closest(to name: String, among known: [String]) -> [String] {
        let limit = max(2, name.count / 3)
        let scored = known.map { other -> (name: String, distance: Int) in
            let isPart = name.count >= 3 && (other.contains(name) || name.contains(other))
            return (other, isPart ? 1 : distance(Array(name.prefix(80)), Array(other)))
        }
        return scored.filter { $0.distance <= limit }.sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }
            .prefix(3).map(\.name)
    }

    /// Levenshtein's: how many letters must be put in, taken out or changed.
    private static func distance(_ a: [Character], _ b: [Character]) -> Int {
        var row = Array(0...b.count)
        for (i, letter) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in b.enumerated() {
                let changed = diagonal + (letter == other ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(changed, row[j] + 1, diagonal + 1)
            }
        }
        return row[b.count]
    }
}
