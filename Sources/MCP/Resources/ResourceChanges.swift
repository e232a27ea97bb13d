/// Where a server says that something it lets clients read has changed. Clients of both eras hear of it, if they asked to.
///
/// Made before the server, so that its tools can be lent it; any thread may call it, and it never waits.
public final class ResourceChanges: Sendable {
    let subscriptions = Subscriptions()

    public init() {}

    /// Says that a resource has changed, or has gone.
    public func changed(_ uri: String) { subscriptions.resourceChanged(uri) }

    /// Says that the list of resources has become another one.
    public func listChanged() { subscriptions.listChanged() }
}
