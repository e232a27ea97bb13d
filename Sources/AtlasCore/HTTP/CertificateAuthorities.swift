import CCurl

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

/// The certificate authorities that are trusted: the system's, and those of a file beside them.
///
/// libcurl reads the system's authorities anew for every connection, 16 ms each, unless all of them come from one file: then
/// what it read is kept (7.87). So they are given to it as one file, which is the system's own, or both together in memory.
final class CertificateAuthorities: Sendable {
    enum Source: Equatable {
        /// What libcurl was built to use.
        case library
        case file(String)
        /// Where there are no files in memory. libcurl then reads them for every connection.
        case octets([UInt8])
    }

    let source: Source
    private let descriptor: Int32

    /// - Throws: ``HTTPError`` `authorities` when `file` cannot be read or holds no certificate.
    init(addedFile file: String?) throws(HTTPError) {
        let system = Self.systemFiles.first { access($0, R_OK) == 0 }
        guard let file else {
            descriptor = -1
            source = system.map { .file($0) } ?? .library
            return
        }
        let broken = HTTPError(.authorities, host: "", mayHaveArrived: false)
        guard let added = Self.contents(file), Self.holdsCertificate(added) else { throw broken }
        let both = added + [0x0A] + (system.flatMap(Self.contents) ?? [])
        descriptor = both.withUnsafeBytes { octets in
            octets.baseAddress.map { atlas_memory_file("atlas-authorities", $0, octets.count) } ?? -1
        }
        let path = "/proc/self/fd/\(descriptor)"
        source = descriptor >= 0 && access(path, R_OK) == 0 ? .file(path) : .octets(both)
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Debian, Fedora and Red Hat, SUSE, Alpine and BSD. macOS has its keychain, which libcurl knows.
    private static let systemFiles = [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
        "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem",
    ]

    private static func contents(_ path: String) -> [UInt8]? {
        guard let file = InputFile(path), file.count <= 16 << 20 else { return nil }
        var octets = [UInt8](repeating: 0, count: file.count)
        var offset = 0
        while offset < octets.count {
            let read = octets.withUnsafeMutableBytes { file.read(at: offset, into: .init(rebasing: $0[offset...])) }
            guard let read else { return nil }
            offset += read
        }
        return octets
    }

    private static func holdsCertificate(_ octets: [UInt8]) -> Bool {
        let text = String(decoding: octets, as: UTF8.self)
        return text.contains("-----BEGIN CERTIFICATE-----") || text.contains("-----BEGIN TRUSTED CERTIFICATE-----")
    }
}
