import CCrypto

/// An RSA private key, which signs by RS256 (RFC 7518, 3.3).
///
/// Sendable because the key is never changed after it was read, and libcrypto lets several threads sign with one at once.
final class RSAKey: @unchecked Sendable {
    enum Problem: Error, Sendable {
        case missingLibrary
        /// No RSA key of at least 2048 bits, or one that is encrypted.
        case noKey
    }

    private let key: UnsafeMutableRawPointer

    /// - Parameter pem: PKCS #8 or PKCS #1. The copy that is made of it here is wiped.
    init(pem: String) throws(Problem) {
        var octets = Array(pem.utf8)
        var problem = atlas_crypto_no_key
        let key = octets.withUnsafeMutableBufferPointer { octets -> UnsafeMutableRawPointer? in
            guard let start = octets.baseAddress else { return nil }
            defer { atlas_wipe(start, octets.count) }
            return atlas_rsa_open(start, octets.count, &problem)
        }
        guard let key else { throw problem == atlas_crypto_missing ? .missingLibrary : .noKey }
        self.key = key
    }

    deinit { atlas_rsa_close(key) }

    /// Whether libcrypto can be opened: only without it, it is not found out that a blank is no key.
    static var hasLibrary: Bool {
        do throws(Problem) {
            _ = try RSAKey(pem: " ")
            return true
        } catch { return error == .noKey }
    }

    /// The signature over SHA-256 of `octets`; nil when there is no memory for it.
    func signature(of octets: [UInt8]) -> [UInt8]? {
        // RSA keys of up to 16384 bits, the most that libcrypto takes.
        var signature = [UInt8](repeating: 0, count: 2048)
        let count = octets.withUnsafeBufferPointer { octets in
            signature.withUnsafeMutableBufferPointer { signature -> Int in
                guard let start = octets.baseAddress, let place = signature.baseAddress else { return 0 }
                return atlas_rsa_sign(key, start, octets.count, place, signature.count)
            }
        }
        return count > 0 ? Array(signature.prefix(count)) : nil
    }
}

extension RSAKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    var description: String { "RSA key <redacted>" }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: [], displayStyle: .class) }
}
