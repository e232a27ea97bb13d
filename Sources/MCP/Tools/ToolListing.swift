import JSON
import Synchronization

/// How much of a tool's listing a revision knows.
package enum ListingDetail: Sendable, CaseIterable {
    /// 2024-11-05: name, description, input schema.
    case plain
    /// 2025-03-26: annotations too, the title among them.
    case annotated
    /// 2025-06-18 and later: title and output schema too.
    case full
}

extension Tool {
    /// The tool as `tools/list` shows it.
    static func listing(_ detail: ListingDetail, _ results: ResultSchema) throws -> JSON.Object {
        precondition(name.isWireName, "\(name) is no name for a tool.")
        var listing: JSON.Object = ["name": .string(name)]
        if detail == .full { listing.append("title", .string(title)) }
        listing.append("description", .string(description))
        listing.append("inputSchema", .object(inputSchema))
        if detail == .full { listing.append("outputSchema", .object(try results.describe(Output.self))) }
        if detail != .plain { listing.append("annotations", .object(annotations(titled: detail == .annotated))) }
        return listing
    }

    private static func annotations(titled: Bool) -> JSON.Object {
        var annotations: JSON.Object = [:]
        if titled { annotations.append("title", .string(title)) }
        annotations.append("readOnlyHint", .bool(hints.contains(.readOnly)))
        annotations.append("destructiveHint", .bool(hints.contains(.destructive)))
        // What changes nothing can be done twice.
        annotations.append("idempotentHint", .bool(!hints.isDisjoint(with: [.idempotent, .readOnly])))
        annotations.append("openWorldHint", .bool(hints.contains(.openWorld)))
        return annotations
    }
}

/// Listings that were made already: they do not change while the server runs.
final class ListingCache: Sendable {
    private let made = Mutex<[ListingDetail: [UInt8]]>([:])

    func listing(_ detail: ListingDetail, make: () -> [UInt8]) -> [UInt8] {
        made.withLock { made in
            if let octets = made[detail] { return octets }
            let octets = make()
            made[detail] = octets
            return octets
        }
    }
}
