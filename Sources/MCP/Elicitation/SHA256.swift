/// SHA-256 (FIPS 180-4) and HMAC (RFC 2104), for sealing what a client carries for us.
///
/// Written out here because the protocol needs nothing else of a cryptography library, and the one for Swift would more than
/// double the time of a clean build. Nothing secret but the key passes through; checked against the vectors of NIST and RFC 4231.
package struct SHA256 {
    private var state: [UInt32] = [
        0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
    ]
    private var block: [UInt8] = []
    private var length = 0

    package static func hash(_ octets: some Sequence<UInt8>) -> [UInt8] {
        var sha = SHA256()
        sha.update(octets)
        return sha.finish()
    }

    /// The authentication code of a message under a key of any length, 32 octets.
    static func code(for message: some Sequence<UInt8>, key: [UInt8]) -> [UInt8] {
        var key = key.count > 64 ? hash(key) : key
        key += [UInt8](repeating: 0, count: 64 - key.count)
        var inner = SHA256()
        inner.update(key.map { $0 ^ 0x36 })
        inner.update(message)
        return hash(key.map { $0 ^ 0x5c } + inner.finish())
    }

    mutating func update(_ octets: some Sequence<UInt8>) {
        for octet in octets {
            block.append(octet)
            length += 1
            if block.count == 64 { compress() }
        }
    }

    mutating func finish() -> [UInt8] {
        let bits = UInt64(length) * 8
        block.append(0x80)
        while block.count != 56 {
            if block.count == 64 { compress() } else { block.append(0) }
        }
        block += (0..<8).map { UInt8(truncatingIfNeeded: bits >> UInt64(56 - 8 * $0)) }
        compress()
        return state.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(24 - 8 * $0)) } }
    }

    private mutating func compress() {
        var words = [UInt32](repeating: 0, count: 64)
        for index in 0..<16 {
            for octet in block[(4 * index)..<(4 * index + 4)] { words[index] = words[index] << 8 | UInt32(octet) }
        }
        for index in 16..<64 {
            let a = words[index - 15], b = words[index - 2]
            let small = a.rotatedRight(7) ^ a.rotatedRight(18) ^ (a >> 3)
            let large = b.rotatedRight(17) ^ b.rotatedRight(19) ^ (b >> 10)
            words[index] = words[index - 16] &+ small &+ words[index - 7] &+ large
        }
        var v = state
        for index in 0..<64 {
            let s1 = v[4].rotatedRight(6) ^ v[4].rotatedRight(11) ^ v[4].rotatedRight(25)
            let choice = (v[4] & v[5]) ^ (~v[4] & v[6])
            let first = v[7] &+ s1 &+ choice &+ Self.constants[index] &+ words[index]
            let s0 = v[0].rotatedRight(2) ^ v[0].rotatedRight(13) ^ v[0].rotatedRight(22)
            let majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2])
            v = [first &+ s0 &+ majority, v[0], v[1], v[2], v[3] &+ first, v[4], v[5], v[6]]
        }
        for index in 0..<8 { state[index] &+= v[index] }
        block.removeAll(keepingCapacity: true)
    }

    private static let constants: [UInt32] = [
        0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
        0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
        0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
        0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
        0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
        0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
        0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
        0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
    ]
}

extension UInt32 {
    fileprivate func rotatedRight(_ bits: UInt32) -> UInt32 { self >> bits | self << (32 - bits) }
}
