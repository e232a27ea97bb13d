#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension UUID {
    /// A new id that sorts after those made before it (RFC 9562, version 7): the millisecond, then 74 random bits.
    ///
    /// So that rows that are made together lie together in their indexes: at a million contacts a random id dirties another page
    /// of each index with every insert.
    public static func timeOrdered(at time: Date = Date()) -> UUID {
        let milliseconds = UInt64(max(0, time.timeIntervalSince1970) * 1000)
        var random = SystemRandomNumberGenerator()
        let high = milliseconds << 16 | 0x7000 | random.next() & 0x0FFF
        let low = 1 << 63 | random.next() >> 2
        var words = (high.bigEndian, low.bigEndian)
        return withUnsafeBytes(of: &words) { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
    }
}
