import AtlasCore
import Logging

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The settings themselves.
extension Doctor {
    /// Settings that cannot be read.
    static func unreadable(_ error: AtlasError) -> Finding {
        var finding = Finding(error, keys: [.configurationFile], configuration: Configuration())
        if let name = finding.variable, let near = nearest(name) { finding.fix = "Did you mean \(near)?" }
        return finding
    }

    func settings() -> [Finding] {
        let names = configuration.names
        var found = files(names) + unknown(names)
        found += atlas.settingsProblems().map { Finding($0, keys: [], configuration: configuration) }
        if let level = configuration[.logLevel], Logger.Level(rawValue: level.lowercased()) == nil {
            let levels = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            let name = ConfigurationKey.logLevel.name
            found.append(.failed("\(name) is no level.", .logLevel, "Set \(name) to one of \(levels)."))
        }
        found += folders()
        let count = ConfigurationKey.all.count { configuration[$0] != nil }
        guard found.contains(where: { $0.status != .notConfigured }) else {
            guard count > 0 else { return [.notConfigured("no setting is made")] }
            return [.ok("\(count) \(count == 1 ? "setting" : "settings")")]
        }
        return found
    }

    /// Files that hold secrets are for their owner alone.
    private func files(_ names: [(name: String, source: Configuration.Source)]) -> [Finding] {
        var found: [Finding] = []
        if access(".env", F_OK) == 0, TextFile.octets(at: ".env") == nil {
            found.append(
                .failed("The file .env is there and cannot be read, so nothing in it counts.", nil, "Make it readable.")
            )
        }
        let secrets = Set(ConfigurationKey.all.filter(\.isSecret).map(\.name))
        var seen: Set<String> = []
        for case (let name, .file(let path)) in names where secrets.contains(name) && seen.insert(path).inserted {
            guard !FileMode.isPrivate(path) else { continue }
            found.append(
                Finding(
                    status: .warning, message: "\(path) holds a secret (\(name)), and others may read it.",
                    variable: name, fix: "Run chmod 600 \(path)."))
        }
        return found
    }

    /// Names that look like settings and are none: whoever misspelt a limit believes that it holds.
    private func unknown(_ names: [(name: String, source: Configuration.Source)]) -> [Finding] {
        let known = Set(ConfigurationKey.all.map(\.name))
        var places: [(name: String, place: String)] = ProcessEnvironment.all.keys.sorted()
            .filter { $0.hasPrefix("ATLAS_") }.map { ($0, "the environment") }
        for case (let name, .file(let path)) in names { places.append((name, path)) }
        let wrong = places.filter { !known.contains($0.name) }
        let most = 20
        var found = wrong.prefix(most).map { name, place in
            Self.unknown(name, in: place)
        }
        if wrong.count > most {
            found.append(
                .warning("\(wrong.count - most) more names are no settings.", nil, "See docs/configuration.md."))
        }
        return found
    }

    static func unknown(_ name: String, in place: String) -> Finding {
        let shown = String(name.cleaned().prefix(80))
        let fix = nearest(name).map { "Did you mean \($0)?" } ?? "Remove it, if it is no other program's."
        return Finding(
            status: .warning, message: "\(shown) in \(place) is no setting, and does nothing.", variable: shown,
            fix: fix)
    }

    /// The setting that was meant; nil when none is near, or it is one.
    static func nearest(_ name: String) -> String? {
        let keys = ConfigurationKey.all.map(\.name)
        guard !keys.contains(name) else { return nil }
        // What all begin with makes none of them near.
        let names = Dictionary(keys.map { (String($0.dropFirst(6)), $0) }, uniquingKeysWith: { first, _ in first })
        return NearName.closest(to: String(name.dropFirst(6)), among: Array(names.keys)).first.flatMap { names[$0] }
    }

    /// Folders and files that settings name.
    private func folders() -> [Finding] {
        let keys: [ConfigurationKey] = [.attachmentDirs, .proposalsDirs, .templatesDir]
        return keys.flatMap { key in
            (configuration[key] ?? "").split(separator: ",").map { String($0).trimmed }.filter { !$0.isEmpty }
                .compactMap { folder -> Finding? in
                    var status = stat()
                    let isThere = stat(folder, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
                    guard !isThere || access(folder, R_OK | X_OK) != 0 else { return nil }
                    return .warning(
                        "\(folder.cleaned().prefix(200)) is no folder that can be read.", key,
                        "Make it, or change \(key.name).")
                }
        }
    }
}
