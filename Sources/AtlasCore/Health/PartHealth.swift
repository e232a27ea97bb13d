/// What a look at one part of Atlas found, where it works. What does not work is an ``AtlasError``.
///
/// A look changes nothing: no message leaves, no event is made, nothing is marked as read.
public struct PartHealth: Sendable, Equatable {
    /// What is there, a clause each: where it is, as whom it is used, what it can do.
    public var facts: [String]
    /// What works less well than it could: a sentence of what, and one of what to do, which names the variable.
    public var warnings: [String]

    public init(_ facts: [String] = [], warnings: [String] = []) {
        self.facts = facts
        self.warnings = warnings
    }
}
