#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Where a contact can be read as a resource.
public enum ContactURI {
    public static let template = "atlas://contacts/{contact_id}"

    /// What is known of a contact, from everywhere.
    public static let contextTemplate = template + "/context"

    public static func context(of id: UUID) -> String { of(id) + "/context" }

    public static func of(_ id: UUID) -> String { "atlas://contacts/\(id.uuidString.lowercased())" }
}
