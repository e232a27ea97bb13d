#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// By what a customer is known.
public enum CustomerKey: Sendable, Equatable {
    case id(UUID)
    case phone(String)
    case email(String)
    /// - Parameter parameter: the argument that gave it.
    case name(String, parameter: String)

    /// - Parameter contactID: an id, or a full name that only one contact has, as everywhere.
    /// - Throws: ``AtlasError`` `invalid_argument` unless exactly one is given.
    public init(contactID: String?, phone: String?, email: String?, name: String?) throws(AtlasError) {
        let given = [contactID, phone, email, name].compactMap(\.self).count { !$0.trimmed.isEmpty }
        guard given == 1 else {
            throw AtlasError(
                .invalidArgument,
                "Give one of contact_id, phone, email and name\(given == 0 ? "." : ", not \(given) of them.")",
                parameter: "contact_id")
        }
        if let contactID, !contactID.trimmed.isEmpty {
            self = UUID(canonical: contactID.trimmed).map { .id($0) } ?? .name(contactID, parameter: "contact_id")
        } else if let phone, !phone.trimmed.isEmpty {
            self = .phone(phone)
        } else if let email, !email.trimmed.isEmpty {
            self = .email(email)
        } else {
            self = .name(name ?? "", parameter: "name")
        }
    }

    /// What a person typed to say whom they mean: an id, an e-mail address, a phone number, or a name.
    public init(typed text: String, parameter: String) {
        let text = text.trimmed
        if let id = UUID(canonical: text) {
            self = .id(id)
        } else if EmailAddress(text) != nil {
            self = .email(text)
        } else if !text.contains(where: \.isLetter), text.digits.count >= 7 {
            self = .phone(text)
        } else {
            self = .name(text, parameter: parameter)
        }
    }

    var parameter: String {
        switch self {
        case .id: "contact_id"
        case .phone: "phone"
        case .email: "email"
        case .name(_, let parameter): parameter
        }
    }
}
