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

/// Files that only the user may open: what strangers sent, put aside for a person to look at.
enum PrivateFile {
    /// Writes a new file under a folder of its own, so that no name from outside meets another.
    ///
    /// - Returns: its path.
    /// - Throws: ``AtlasError`` `internal` when it cannot be written.
    static func write(_ octets: [UInt8], named name: String, in folder: String) throws(AtlasError) -> String {
        let safe = String(
            String.UnicodeScalarView(name.unicodeScalars.map { "/\\:".unicodeScalars.contains($0) ? "_" : $0 }))
        let file = safe.isEmpty || safe.hasPrefix(".") ? "attachment\(safe)" : safe
        let own = "\(folder)/\(UUID.timeOrdered().uuidString.lowercased())"
        guard makeFolder(folder), mkdir(own, 0o700) == 0, write(octets, to: "\(own)/\(file)") else {
            throw AtlasError(
                .internal, "The attachment could not be written below \(ConfigurationKey.home.name): is there room?")
        }
        return "\(own)/\(file)"
    }

    /// Makes a folder and those it stands in.
    private static func makeFolder(_ path: String) -> Bool {
        var made = ""
        for part in path.split(separator: "/") {
            made += "/\(part)"
            if mkdir(made, made == path ? 0o700 : 0o755) != 0, errno != EEXIST { return false }
        }
        return true
    }

    static func write(_ octets: [UInt8], to path: String) -> Bool {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { return false }
        var written = 0
        while written < octets.count {
            let count = octets.withUnsafeBytes { writeOctets(file, $0, from: written) }
            guard count > 0 || errno == EINTR else { break }
            written += max(0, count)
        }
        return close(file) == 0 && written == octets.count
    }

    static func read(_ path: String, atMost limit: Int) -> [UInt8]? {
        guard let file = InputFile(path) else { return nil }
        var octets = [UInt8](repeating: 0, count: min(file.count, limit))
        var offset = 0
        while offset < octets.count {
            let count = octets.withUnsafeMutableBytes { file.read(at: offset, into: .init(rebasing: $0[offset...])) }
            guard let count else { return nil }
            offset += count
        }
        return octets
    }

    /// A new folder in the system's place for such.
    static func temporaryFolder() -> String? {
        let base = getenv("TMPDIR").map { String(cString: $0) }.flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "/tmp"
        let path = "\(base)/atlas-\(UUID.timeOrdered().uuidString.lowercased())"
        return mkdir(path, 0o700) == 0 ? path : nil
    }

    /// Removes a folder of ours, which holds no folders.
    static func remove(_ folder: String) {
        guard let directory = opendir(folder) else { return }
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { unlink("\(folder)/\(name)") }
        }
        closedir(directory)
        rmdir(folder)
    }
}

// Outside, where the system's function is not hidden by one of the same name.
private func writeOctets(_ file: Int32, _ octets: UnsafeRawBufferPointer, from start: Int) -> Int {
    write(file, octets.baseAddress.map { $0 + start }, octets.count - start)
}
