import Foundation

@testable import AtlasCore

/// Random numbers that are the same in each run.
struct QueryRandom: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func pick<T>(_ values: [T]) -> T { values[Int(next() % UInt64(values.count))] }

    /// How long a fuzz test runs.
    static let seconds = Double(ProcessInfo.processInfo.environment["ATLAS_FUZZ_SECONDS"] ?? "") ?? 2
}

/// A message as the tests know it.
struct QueryMessage {
    var from = ""
    var to = ""
    var cc = ""
    var subject = ""
    var body = ""
    var isRead = false
    var isStarred = false
    var isAnswered = false
    var hasAttachment = false
    var size = 0
    var arrival = Date(timeIntervalSince1970: 0)

    static let words = ["ann", "bob", "spring", "clean", "estimate", "ünder", "a\"b", "x y"]
    static let sizes = [0, 1, 999, 1000, 1001, 10_240, 5 << 20]
    static let moments: [Date] = [0, 1, -1, 3600, -3600, 43_200, -43_200, 86_399, 86_400, 172_800, -90_000].map {
        Date(timeIntervalSince1970: 1_793_491_200 + $0)
    }

    init() {}

    init(random: inout QueryRandom) {
        func text() -> String {
            (0..<Int(random.next() % 3)).map { _ in random.pick(Self.words) }.joined(separator: " ")
        }
        (from, to, cc, subject, body) = (text(), text(), text(), text(), text())
        (isRead, isStarred) = (random.pick([true, false]), random.pick([true, false]))
        (isAnswered, hasAttachment) = (random.pick([true, false]), random.pick([true, false]))
        size = random.pick(Self.sizes)
        arrival = random.pick(Self.moments) + Double(Int(random.next() % 3)) - 1
    }

    func has(_ text: String) -> Bool { [from, to, cc, subject, body].contains { $0.contains(text) } }
}

extension MailQuery {
    /// What the tree says by itself.
    func finds(_ message: QueryMessage) -> Bool {
        switch self {
        case .all: true
        case .from(let text): message.from.contains(text)
        case .to(let text): message.to.contains(text)
        case .cc(let text): message.cc.contains(text)
        case .subject(let text): message.subject.contains(text)
        case .body(let text): message.body.contains(text)
        case .text(let text): message.has(text)
        case .read: message.isRead
        case .unread: !message.isRead
        case .starred: message.isStarred
        case .answered: message.isAnswered
        case .hasAttachment: message.hasAttachment
        case .since(let moment): message.arrival >= moment
        case .before(let moment): message.arrival < moment
        case .larger(let size): message.size > size
        case .smaller(let size): message.size < size
        case .not(let query): !query.finds(message)
        case .and(let queries): queries.allSatisfy { $0.finds(message) }
        case .or(let queries): queries.contains { $0.finds(message) }
        }
    }

    /// Any tree, also ones that no text makes.
    static func random(_ random: inout QueryRandom, depth: Int = 4) -> MailQuery {
        switch random.next() % (depth > 0 ? 28 : 16) {
        case 0: return .all
        case 1: return .from(random.pick(QueryMessage.words))
        case 2: return .to(random.pick(QueryMessage.words))
        case 3: return .cc(random.pick(QueryMessage.words))
        case 4: return .subject(random.pick(QueryMessage.words))
        case 5: return .body(random.pick(QueryMessage.words))
        case 6: return .text(random.pick(QueryMessage.words))
        case 7: return random.pick([.read, .unread])
        case 8: return random.pick([.starred, .answered])
        case 9, 10: return .hasAttachment
        case 11, 12: return .since(random.pick(QueryMessage.moments) + (random.pick([0, 0.5])))
        case 13, 14: return .before(random.pick(QueryMessage.moments) + (random.pick([0, 0.5])))
        case 15:
            return random.pick([.larger(random.pick(QueryMessage.sizes)), .smaller(random.pick(QueryMessage.sizes))])
        case 16...18: return .not(.random(&random, depth: depth - 1))
        case 19...23: return .and((0..<Int(random.next() % 4)).map { _ in .random(&random, depth: depth - 1) })
        default: return .or((0..<Int(random.next() % 4)).map { _ in .random(&random, depth: depth - 1) })
        }
    }
}
