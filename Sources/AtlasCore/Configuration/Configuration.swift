import JSON

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What the operator has set: the environment over a `.env` file in the working folder over a configuration file.
///
/// A blank value, and one that a host left unexpanded (`${…}`), counts as unset.
public struct Configuration: Sendable {
    /// Values from one place.
    private struct Layer: Sendable {
        let source: Source
        let values: [String: String]
    }

    /// Where a value comes from.
    public enum Source: Sendable, Equatable {
        case environment
        /// A file, by the path it was named by.
        case file(String)
    }

    /// Earlier layers win.
    private let layers: [Layer]

    /// A configuration of exactly these values, for tests.
    public init(_ values: [String: String] = [:]) { layers = [Layer(source: .environment, values: values)] }

    private init(layers: [Layer]) { self.layers = layers }

    /// Reads the process's environment, `.env`, and the configuration file `path` or else the one `ATLAS_CONFIG` names.
    ///
    /// - Throws: ``AtlasError`` `not_configured` when a file that was named cannot be read or is not what it should be.
    public static func load(file path: String? = nil) throws(AtlasError) -> Configuration {
        var layers = [Layer(source: .environment, values: environment())]
        if let bytes = readFile(".env") {
            layers.append(Layer(source: .file(".env"), values: try DotEnv.parse(bytes)))
        }
        let soFar = Configuration(layers: layers)
        if let path = path ?? soFar[.configurationFile] {
            guard let bytes = readFile(path) else {
                throw AtlasError(.notConfigured, "The configuration file \(path) cannot be read.")
            }
            layers.append(Layer(source: .file(path), values: try parseFile(bytes, path)))
        }
        return Configuration(layers: layers)
    }

    /// The same with `value` for `key`, whatever else is set.
    package func setting(_ key: ConfigurationKey, to value: String) -> Configuration {
        Configuration(layers: [Layer(source: .environment, values: [key.name: value])] + layers)
    }

    /// The value of `key`, trimmed; `nil` when it is unset.
    public subscript(_ key: ConfigurationKey) -> String? { found(key)?.value }

    /// Where the value of `key` comes from; `nil` when it is unset.
    public func source(of key: ConfigurationKey) -> Source? { found(key)?.source }

    /// Every name that is set somewhere, and where: in `.env` also those that are no setting.
    public var names: [(name: String, source: Source)] {
        layers.flatMap { layer in layer.values.keys.sorted().map { ($0, layer.source) } }
    }

    private func found(_ key: ConfigurationKey) -> (value: String, source: Source)? {
        for layer in layers {
            guard let value = layer.values[key.name]?.trimmed, !value.isEmpty, !isUnexpanded(value) else { continue }
            return (value, layer.source)
        }
        return nil
    }

    /// - Throws: ``AtlasError`` `not_configured` when the value is no whole number within `range`.
    public func integer(_ key: ConfigurationKey, in range: ClosedRange<Int>) throws(AtlasError) -> Int? {
        guard let text = self[key] else { return nil }
        guard let value = Int(text), range.contains(value) else {
            throw AtlasError(
                .notConfigured,
                "\(key.name) must be a whole number from \(range.lowerBound) to \(range.upperBound)\(shown(text, key))."
            )
        }
        return value
    }

    /// - Throws: ``AtlasError`` `not_configured` when the value is no truth value.
    public func flag(_ key: ConfigurationKey) throws(AtlasError) -> Bool? {
        guard let text = self[key] else { return nil }
        switch text.lowercased() {
        case "1", "true", "yes", "on": return true
        case "0", "false", "no", "off": return false
        default: throw AtlasError(.notConfigured, "\(key.name) must be 1 or 0\(shown(text, key)).")
        }
    }

    private func shown(_ value: String, _ key: ConfigurationKey) -> String {
        key.isSecret ? "" : ", not \(value.prefix(40))"
    }

    private func isUnexpanded(_ value: String) -> Bool { value.hasPrefix("${") && value.hasSuffix("}") }
}

// MARK: - Sources

extension Configuration {
    /// Only our own variables: the rest of the environment is none of our business.
    private static func environment() -> [String: String] {
        var values: [String: String] = [:]
        for key in ConfigurationKey.all {
            if let value = getenv(key.name) { values[key.name] = String(cString: value) }
        }
        return values
    }

    private static func parseFile(_ bytes: [UInt8], _ path: String) throws(AtlasError) -> [String: String] {
        let json: JSON
        do {
            json = try JSON(parsing: bytes)
        } catch {
            throw AtlasError(.notConfigured, "The configuration file \(path) is not JSON: \(error).")
        }
        guard let object = json.object else {
            throw AtlasError(.notConfigured, "The configuration file \(path) must hold one JSON object.")
        }
        var values: [String: String] = [:]
        for member in object.members {
            guard ConfigurationKey.all.contains(where: { $0.name == member.name }) else {
                throw AtlasError(
                    .notConfigured,
                    "The configuration file \(path) sets \(member.name.prefix(60)), which is no setting.")
            }
            switch member.value {
            case .string(let text): values[member.name] = text
            case .bool(let flag): values[member.name] = flag ? "1" : "0"
            case .integer(let integer): values[member.name] = String(integer)
            case .number(let number): values[member.name] = String(number)
            case .null: break
            case .array, .object:
                throw AtlasError(
                    .notConfigured, "\(member.name) in the configuration file \(path) must be a text or a number.")
            }
        }
        return values
    }

    /// The octets of a small file; `nil` when it cannot be read.
    private static func readFile(_ path: String) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16 * 1024)
        while bytes.count < 1 << 20 {
            let count = read(file, &chunk, chunk.count)
            if count < 0 { return nil }
            if count == 0 { return bytes }
            bytes.append(contentsOf: chunk[..<count])
        }
        return nil
    }
}

extension String {
    /// Without blanks and newlines at both ends.
    package var trimmed: String {
        // Most texts have nothing to trim.
        let isPlain = { (octet: UInt8) in (0x21..<0x7F).contains(octet) }
        if let first = utf8.first, let last = utf8.last, isPlain(first), isPlain(last) { return self }
        var rest = self[...]
        while let first = rest.unicodeScalars.first, first.properties.isWhitespace { rest.unicodeScalars.removeFirst() }
        while let last = rest.unicodeScalars.last, last.properties.isWhitespace { rest.unicodeScalars.removeLast() }
        return String(rest)
    }
}
