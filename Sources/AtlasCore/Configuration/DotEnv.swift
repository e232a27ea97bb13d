/// Reads a `.env` file: `NAME=value` lines, `#` comments, an optional `export`, and values in single or double quotes.
///
/// As in the readers that made the format common, single quotes keep everything as it is, double quotes know `\n`, `\"` and
/// `\\`, and an unquoted value ends at ` #`. Nothing is expanded. Only names that start with `ATLAS_` are kept.
enum DotEnv {
    static func parse(_ bytes: [UInt8]) throws(AtlasError) -> [String: String] {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw AtlasError(.notConfigured, "The file .env is not UTF-8.")
        }
        var values: [String: String] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            var rest = String(line).trimmed
            if rest.hasPrefix("export ") { rest = String(rest.dropFirst(7)).trimmed }
            guard rest.hasPrefix("ATLAS_"), let equals = rest.firstIndex(of: "=") else { continue }
            let name = String(rest[..<equals]).trimmed
            values[name] = value(String(rest[rest.index(after: equals)...]).trimmed)
        }
        return values
    }

    private static func value(_ text: String) -> String {
        guard let quote = text.first, quote == "\"" || quote == "'" else {
            guard let comment = text.range(ofComment: " #") else { return text.hasPrefix("#") ? "" : text }
            return String(text[..<comment]).trimmed
        }
        var result = ""
        var escaped = false
        for character in text.dropFirst() {
            if escaped {
                switch character {
                case "n": result.append("\n")
                case "\"", "\\": result.append(character)
                default: result += "\\\(character)"
                }
                escaped = false
            } else if character == "\\", quote == "\"" {
                escaped = true
            } else if character == quote {
                return result
            } else {
                result.append(character)
            }
        }
        return text  // the quote was never closed: it belongs to the value
    }
}

extension String {
    fileprivate func range(ofComment mark: String) -> String.Index? {
        var index = startIndex
        while index < endIndex {
            if self[index...].hasPrefix(mark) { return index }
            index = self.index(after: index)
        }
        return nil
    }
}
