/// Lets a `Codable` value write itself onto a ``ResultPage``.
struct ResultEncoder: Encoder {
    let page: ResultPage
    let level: Int
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        page.beginObject(level)
        return KeyedEncodingContainer(
            ResultMembers<Key>(page: page, level: level, isVerbatim: DictionaryKey.is(Key.self)))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        page.beginArray(level)
        return ResultItems(page: page, level: level)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { ResultSingle(page: page, level: level) }
}

/// The members of an object. Members that are `nil` are written as null.
private struct ResultMembers<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let page: ResultPage
    let level: Int
    let isVerbatim: Bool
    var codingPath: [any CodingKey] { [] }

    private func begin(_ key: Key) -> ResultPage {
        page.member(key.stringValue, level, isVerbatim: isVerbatim)
        return page
    }

    private func write<Value: Encodable>(_ value: Value?, _ key: Key) throws {
        let page = begin(key)
        guard let value else { return page.json.raw("null") }
        try page.write(value)
    }

    func encodeNil(forKey key: Key) { begin(key).json.raw("null") }
    func encode(_ value: String, forKey key: Key) { begin(key).json.write(value) }
    func encode(_ value: Int, forKey key: Key) { begin(key).json.write(value) }
    func encode(_ value: Bool, forKey key: Key) { begin(key).json.write(value) }
    func encode(_ value: Double, forKey key: Key) { begin(key).json.write(value) }
    func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws { try begin(key).write(value) }

    func encodeIfPresent(_ value: String?, forKey key: Key) {
        if let value { encode(value, forKey: key) } else { encodeNil(forKey: key) }
    }
    func encodeIfPresent(_ value: Int?, forKey key: Key) {
        if let value { encode(value, forKey: key) } else { encodeNil(forKey: key) }
    }
    func encodeIfPresent(_ value: Bool?, forKey key: Key) {
        if let value { encode(value, forKey: key) } else { encodeNil(forKey: key) }
    }
    func encodeIfPresent(_ value: Double?, forKey key: Key) {
        if let value { encode(value, forKey: key) } else { encodeNil(forKey: key) }
    }
    // What the standard library would leave out for each of the lesser numbers.
    func encodeIfPresent(_ value: Float?, forKey key: Key) throws { try write(value, key) }
    func encodeIfPresent(_ value: Int8?, forKey key: Key) throws { try write(value, key) }
    func encodeIfPresent(_ value: Int16?, forKey key: Key) throws { try write(value, key) }
    func encodeIfPresent(_ value: Int32?, forKey key: Key) throws { try write(value, key) }
    func encodeIfPresent(_ value: Int64?, forKey key: Key) throws { try write(value, key) }
    func encodeIfPresent(_ value: UInt?, forKey key: Key) throws { try write(value, key) }
    func encodeIfPresent(_ value: UInt8?, forKey key: Key) throws { try write(value, key) }
    func encodeIfPresent(_ value: UInt16?, forKey key: Key) throws { try write(value, key) }
    func encodeIfPresent(_ value: UInt32?, forKey key: Key) throws { try write(value, key) }
    func encodeIfPresent(_ value: UInt64?, forKey key: Key) throws { try write(value, key) }
    func encodeIfPresent<Value: Encodable>(_ value: Value?, forKey key: Key) throws { try write(value, key) }

    func nestedContainer<Inner>(keyedBy: Inner.Type, forKey key: Key) -> KeyedEncodingContainer<Inner> {
        ResultEncoder(page: begin(key).nested(), level: 0).container(keyedBy: Inner.self)
    }
    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        ResultEncoder(page: begin(key).nested(), level: 0).unkeyedContainer()
    }
    func superEncoder() -> any Encoder {
        page.member("super", level, isVerbatim: isVerbatim)
        return ResultEncoder(page: page.nested(), level: 0)
    }
    func superEncoder(forKey key: Key) -> any Encoder { ResultEncoder(page: begin(key).nested(), level: 0) }
}

/// The items of a list.
private struct ResultItems: UnkeyedEncodingContainer {
    let page: ResultPage
    let level: Int
    var codingPath: [any CodingKey] { [] }
    var count: Int { page.count(level) }

    private func begin() -> ResultPage {
        page.item(level)
        return page
    }

    func encodeNil() { begin().json.raw("null") }
    func encode(_ value: String) { begin().json.write(value) }
    func encode(_ value: Int) { begin().json.write(value) }
    func encode<Value: Encodable>(_ value: Value) throws { try begin().write(value) }

    func nestedContainer<Inner>(keyedBy: Inner.Type) -> KeyedEncodingContainer<Inner> {
        ResultEncoder(page: begin().nested(), level: 0).container(keyedBy: Inner.self)
    }
    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        ResultEncoder(page: begin().nested(), level: 0).unkeyedContainer()
    }
    func superEncoder() -> any Encoder { ResultEncoder(page: begin().nested(), level: 0) }
}

/// A value that is no list and no object.
private struct ResultSingle: SingleValueEncodingContainer {
    let page: ResultPage
    let level: Int
    var codingPath: [any CodingKey] { [] }

    private func begin() -> ResultPage {
        page.beginValue(level)
        return page
    }

    func encodeNil() { begin().json.raw("null") }
    func encode(_ value: Bool) { begin().json.write(value) }
    func encode(_ value: String) { begin().json.write(value) }
    func encode(_ value: Double) { begin().json.write(value) }
    func encode(_ value: Float) { begin().json.write(number: value.description, isFinite: value.isFinite) }
    func encode(_ value: Int) { begin().json.write(value) }
    func encode(_ value: Int8) { encode(Int(value)) }
    func encode(_ value: Int16) { encode(Int(value)) }
    func encode(_ value: Int32) { encode(Int(value)) }
    func encode(_ value: Int64) { encode(Int(value)) }
    func encode(_ value: UInt) { encode(UInt64(value)) }
    func encode(_ value: UInt8) { encode(Int(value)) }
    func encode(_ value: UInt16) { encode(Int(value)) }
    func encode(_ value: UInt32) { encode(Int(value)) }
    func encode(_ value: UInt64) { begin().json.write(number: value.description, isFinite: true) }
    func encode<Value: Encodable>(_ value: Value) throws { try begin().write(value) }
}

/// Knows the type of key that dictionaries encode themselves with, which the standard library keeps to itself. Their keys are
/// data, not names: they keep their spelling, and no schema can list them.
enum DictionaryKey {
    static func `is`<Key: CodingKey>(_ type: Key.Type) -> Bool { ObjectIdentifier(type) == id }

    private static let id: ObjectIdentifier = {
        let probe = Probe()
        try! [String: Int]().encode(to: probe)
        return probe.key!
    }()

    private final class Probe: Encoder {
        var key: ObjectIdentifier?
        var codingPath: [any CodingKey] { [] }
        var userInfo: [CodingUserInfoKey: Any] { [:] }

        private let page = ResultPage(offset: { _ in 0 })
        private lazy var encoder = ResultEncoder(page: page, level: page.open())

        func container<Key>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
            key = ObjectIdentifier(type)
            return KeyedEncodingContainer(ResultMembers<Key>(page: page, level: page.open(), isVerbatim: true))
        }
        func unkeyedContainer() -> any UnkeyedEncodingContainer { encoder.unkeyedContainer() }
        func singleValueContainer() -> any SingleValueEncodingContainer { encoder.singleValueContainer() }
    }
}
