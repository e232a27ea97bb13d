/// A JSON value (RFC 8259) whose objects remember the order of their members.
public enum JSON: Sendable, Hashable {
    case null
    case bool(Bool)
    /// A number written without fraction or exponent that fits 64 bits.
    case integer(Int)
    case number(Double)
    case string(String)
    case array([JSON])
    case object(Object)

    /// The members of a JSON object, in the order they were written; names are unique.
    public struct Object: Sendable, Hashable {
        public struct Member: Sendable, Hashable {
            public var name: String
            public var value: JSON

            public init(name: String, value: JSON) {
                self.name = name
                self.value = value
            }
        }

        public private(set) var members: [Member] = []

        public init() {}

        /// - Precondition: `members` have unique names.
        public init(members: [Member]) { self.members = members }

        public subscript(name: String) -> JSON? {
            get { members.first { $0.name == name }?.value }
            set {
                let index = members.firstIndex { $0.name == name }
                switch (index, newValue) {
                case (let index?, let value?): members[index].value = value
                case (let index?, nil): members.remove(at: index)
                case (nil, let value?): members.append(Member(name: name, value: value))
                case (nil, nil): break
                }
            }
        }

        /// Adds a member known to be new, without looking for an older one.
        public mutating func append(_ name: String, _ value: JSON) {
            members.append(Member(name: name, value: value))
        }

        public var isEmpty: Bool { members.isEmpty }
        public var count: Int { members.count }
        public var names: [String] { members.map(\.name) }
    }
}

extension JSON {
    public subscript(name: String) -> JSON? {
        guard case .object(let object) = self else { return nil }
        return object[name]
    }

    public subscript(index: Int) -> JSON? {
        guard case .array(let items) = self, items.indices.contains(index) else { return nil }
        return items[index]
    }

    public var isNull: Bool { self == .null }

    public var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    public var integer: Int? {
        guard case .integer(let integer) = self else { return nil }
        return integer
    }

    public var number: Double? {
        switch self {
        case .integer(let integer): Double(integer)
        case .number(let number): number
        default: nil
        }
    }

    public var flag: Bool? {
        guard case .bool(let flag) = self else { return nil }
        return flag
    }

    public var items: [JSON]? {
        guard case .array(let items) = self else { return nil }
        return items
    }

    public var object: Object? {
        guard case .object(let object) = self else { return nil }
        return object
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByNilLiteral, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral
{
    public init(stringLiteral text: String) { self = .string(text) }
    public init(integerLiteral integer: Int) { self = .integer(integer) }
    public init(floatLiteral number: Double) { self = .number(number) }
    public init(booleanLiteral flag: Bool) { self = .bool(flag) }
    public init(nilLiteral: ()) { self = .null }
    public init(arrayLiteral items: JSON...) { self = .array(items) }
    public init(dictionaryLiteral members: (String, JSON)...) {
        self = .object(Object(members))
    }
}

extension JSON.Object: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral members: (String, JSON)...) { self.init(members) }

    public init(_ members: [(String, JSON)]) {
        self.init(members: members.map { Member(name: $0.0, value: $0.1) })
    }
}
