import AtlasCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What this machine has.
extension Doctor {
    func zone() throws -> [Finding] {
        let name = configuration[.timeZone]
        let zone = try BusinessZone(named: name)
        let now = Int(Date().timeIntervalSince1970)
        let offset = Self.offset(zone.offset(at: now))
        let abbreviation = zone.abbreviation(at: now)
        let shown = abbreviation.first?.isLetter == true ? "\(abbreviation) (\(offset))" : offset
        guard let name else {
            return [
                .notConfigured(
                    "the machine's zone is the business's, now \(shown); set \(ConfigurationKey.timeZone.name) to name it"
                )
            ]
        }
        return [.ok("\(name), now \(shown)")]
    }

    /// `UTC−06:00`
    static func offset(_ seconds: Int) -> String {
        let minutes = abs(seconds) / 60
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "UTC\(seconds < 0 ? "−" : "+")\(two(minutes / 60)):\(two(minutes % 60))"
    }

    func approval() throws -> [Finding] {
        let policy = try ApprovalPolicy(configuration[.approval])
        guard !policy.isEmpty, let words = configuration[.approval] else {
            return [
                .notConfigured(
                    "no tool waits for a person's yes; set \(ConfigurationKey.approval.name) to have some do")
            ]
        }
        return [.ok("waiting for a person's yes: \(words)")]
    }

    func home() -> [Finding] {
        let path = atlas.home.path
        guard path.hasPrefix("/") else {
            return [.failed("\(path) is no absolute path.", .home, "Set \(ConfigurationKey.home.name) to one.")]
        }
        var status = stat()
        guard stat(path, &status) == 0 else {
            var above = path
            repeat { above = Self.parent(above) } while access(above, F_OK) != 0 && above != "/"
            let isFolder = stat(above, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
            guard isFolder, access(above, W_OK | X_OK) == 0 else {
                return [
                    .failed(
                        "\(path) is not there, and cannot be made in \(above).", .home,
                        "Make it, or set \(ConfigurationKey.home.name) to a folder that can be written to.")
                ]
            }
            return [.ok("\(path) is made when it is first needed")]
        }
        guard status.st_mode & S_IFMT == S_IFDIR, access(path, W_OK | X_OK) == 0 else {
            return [
                .failed(
                    "\(path) is no folder that can be written to.", .home,
                    "Make it writable, or set \(ConfigurationKey.home.name) to a folder that is.")
            ]
        }
        return [.ok("\(path) can be written to")]
    }

    private static func parent(_ path: String) -> String {
        var path = path[...]
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        let end = path.lastIndex(of: "/") ?? path.startIndex
        return end == path.startIndex ? "/" : String(path[..<end])
    }

    func libraries() -> [Finding] {
        let missing = SystemLibrary.allCases.filter { !$0.isThere }
        let there = SystemLibrary.allCases.filter { !missing.contains($0) }.map(\.rawValue)
        let found = missing.map { library in
            let message = "\(library.rawValue) cannot be opened, so there is no use of: \(library.purpose)."
            // Who needs one of the others says so itself.
            return library == .libpq
                ? Finding.failed(message, nil, library.installation, isSetting: false)
                : .warning(message, nil, library.installation)
        }
        return (there.isEmpty ? [] : [.ok(there.joined(separator: ", "))]) + found
    }

    /// This machine's clock, by what the others said meanwhile.
    func clock() -> [Finding] {
        var told: [(who: String, ahead: Double)] = []
        if let ahead = clocks.database.withLock({ $0 }) { told.append(("the database", ahead)) }
        if let report = atlas.lastClockReport { told.append((report.host.cleaned(), report.ahead)) }
        guard let worst = told.max(by: { abs($0.ahead) < abs($1.ahead) }) else {
            return [.notConfigured("nobody who tells the time was reached")]
        }
        return [Self.clock(worst.ahead, of: worst.who)]
    }

    /// - Parameter ahead: how many seconds the other clock is ahead.
    static func clock(_ ahead: Double, of who: String) -> Finding {
        let seconds = Int(abs(ahead).rounded())
        guard abs(ahead) >= 3 else { return .ok("as that of \(who), within 3 s") }
        let side = ahead > 0 ? "behind" : "ahead of"
        let message = "This machine's clock is \(seconds) s \(side) that of \(who)."
        let fix =
            "Let the clock be set by NTP (Linux: timedatectl set-ntp true) on this machine, or on the other if that is wrong."
        // Tokens and signatures are taken within some minutes only.
        return abs(ahead) < 120 ? .warning(message, nil, fix) : .failed(message, nil, fix, isSetting: false)
    }
}
