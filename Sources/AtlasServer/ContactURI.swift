#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Where a contact can be read as a resource.
public enum ContactURI {
    public static let template = "atlas://contacts/{contact_id}"

    public static func of(_ id: UUID) -> String { "atlas://contacts/\(id.uuidString.lowercased())" }
}
