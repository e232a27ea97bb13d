#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Small files, whole.
enum TextFile {
    static let largest = 16 << 20

    /// Nil when it cannot be read or is too large.
    static func octets(at path: String) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        return octets(of: file)
    }

    /// The rest of an open file.
    static func octets(of descriptor: Int32) -> [UInt8]? {
        var octets: [UInt8] = []
        while octets.count <= largest {
            guard let chunk = try? DescriptorIO.read(64 << 10, from: descriptor) else { return nil }
            if chunk.isEmpty { return octets }
            octets += chunk
        }
        return nil
    }
}

/// Who may read a file.
enum FileMode {
    /// Whether nobody but its owner may.
    static func isPrivate(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & 0o077 == 0
    }
}
