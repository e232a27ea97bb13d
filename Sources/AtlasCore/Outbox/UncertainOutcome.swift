/// The failure of a change outside of us that may have been made all the same: the request may have reached the provider.
///
/// It is never tried again by us; whoever asked is told to look first.
public struct UncertainOutcome: Error, Sendable, Equatable {
    /// What the caller is told.
    public let error: AtlasError

    public init(_ error: AtlasError) { self.error = error }
}
