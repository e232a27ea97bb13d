import Testing

@testable import AtlasCore

struct MessageSegmentsTests {
    @Test(arguments: [
        ("", 1), ("Hi", 1), (String(repeating: "a", count: 160), 1), (String(repeating: "a", count: 161), 2),
        (String(repeating: "a", count: 306), 2), (String(repeating: "a", count: 307), 3),
        // Two septets each, and never torn apart: 76 of them fill 152 of a segment's 153.
        (String(repeating: "€", count: 80), 1), (String(repeating: "€", count: 81), 2),
        (String(repeating: "€", count: 152), 2), (String(repeating: "€", count: 153), 3),
        ("@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ", 1), (String(repeating: "[", count: 80), 1),
    ])
    func gsm(_ text: String, _ count: Int) {
        let segments = MessageSegments(text)
        #expect(segments.encoding == .gsm7)
        #expect(segments.count == count)
    }

    @Test(arguments: [
        ("Привет", 1), (String(repeating: "ж", count: 70), 1), (String(repeating: "ж", count: 71), 2),
        (String(repeating: "ж", count: 134), 2), (String(repeating: "ж", count: 135), 3),
        // Two code units each: 33 of them fill 66 of a segment's 67.
        (String(repeating: "🧹", count: 35), 1), (String(repeating: "🧹", count: 36), 2),
        (String(repeating: "🧹", count: 66), 2), (String(repeating: "🧹", count: 67), 3), ("ç", 1), ("it’s", 1),
        (String(repeating: "a", count: 69) + "’", 1), (String(repeating: "a", count: 70) + "’", 2),
    ])
    func ucs2(_ text: String, _ count: Int) {
        let segments = MessageSegments(text)
        #expect(segments.encoding == .ucs2)
        #expect(segments.count == count)
    }
}
