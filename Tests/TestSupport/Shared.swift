import Synchronization

/// A value that concurrent parts of a test share.
public final class Shared<Value: Sendable>: Sendable {
    private let mutex: Mutex<Value>

    public init(_ value: Value) { mutex = Mutex(value) }

    public var value: Value { mutex.withLock { $0 } }

    @discardableResult
    public func update<R: Sendable>(_ body: (inout Value) -> R) -> R {
        mutex.withLock { value in body(&value) }
    }
}

extension Shared where Value == Int {
    /// Counts one more, and says how many that makes.
    @discardableResult
    public func count() -> Int {
        update { value in
            value += 1
            return value
        }
    }
}
