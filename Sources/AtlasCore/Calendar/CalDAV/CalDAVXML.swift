#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The namespaces of CalDAV.
enum DAVSpace {
    static let dav = "DAV:"
    static let caldav = "urn:ietf:params:xml:ns:caldav"
    static let apple = "http://apple.com/ns/ical/"
}

/// What a request asks.
enum CalDAVXML {
    private static let head = #"<?xml version="1.0" encoding="utf-8"?>"# + "\n"
    private static let spaces =
        #"xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:A="http://apple.com/ns/ical/""#

    /// What is asked of any resource while looking for calendars (RFC 6764, 6; RFC 5397; RFC 4791, 6.2.1).
    static let discovery = propfind(
        "<D:resourcetype/><D:displayname/><D:current-user-principal/><C:calendar-home-set/>" + calendarProperties)

    /// What is asked of the resources of a calendar home.
    static let calendars = propfind("<D:resourcetype/><D:displayname/>" + calendarProperties)

    private static let calendarProperties =
        "<D:current-user-privilege-set/><C:supported-calendar-component-set/><A:calendar-color/><C:schedule-default-calendar-URL/>"

    private static func propfind(_ properties: String) -> String {
        "\(head)<D:propfind \(spaces)><D:prop>\(properties)</D:prop></D:propfind>"
    }

    /// The events that overlap a range (RFC 4791, 7.8 and 9.9).
    static func events(in range: Range<Date>) -> String {
        query(
            #"<C:time-range start="\#(instant(range.lowerBound))" end="\#(instant(range.upperBound))"/>"#)
    }

    /// The event of a UID (RFC 4791, 7.8.6).
    static func event(uid: String) -> String {
        query(
            #"<C:prop-filter name="UID"><C:text-match collation="i;octet">\#(XMLText.escape(uid))</C:text-match></C:prop-filter>"#
        )
    }

    private static func query(_ filter: String) -> String {
        """
        \(head)<C:calendar-query \(spaces)><D:prop><D:getetag/><C:calendar-data/></D:prop><C:filter>\
        <C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT">\(filter)</C:comp-filter></C:comp-filter></C:filter>\
        </C:calendar-query>
        """
    }

    /// In UTC; years beyond four digits have no form.
    private static func instant(_ date: Date) -> String {
        let seconds = min(max(date.timeIntervalSince1970, -62_135_596_800), 253_402_300_799)
        return ICalendarTime(.utc, wall: Int(seconds.rounded(.down))).text
    }
}

/// One resource of a multistatus (RFC 4918, 13).
struct DAVResource: Sendable {
    let path: DAVPath
    /// Of the resource as a whole, where the server says so.
    let status: Int?
    /// The properties that the server has.
    private let properties: [XMLElement]

    func property(_ name: String, _ space: String) -> XMLElement? {
        properties.first { $0.name == name && $0.space == space }
    }

    func text(_ name: String, _ space: String) -> String? {
        property(name, space).map { $0.text.trimmed }.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The path in a property like `current-user-principal`.
    func paths(_ name: String, origin: String) -> [DAVPath] {
        let space =
            ["calendar-home-set", "schedule-default-calendar-URL"].contains(name) ? DAVSpace.caldav : DAVSpace.dav
        return (property(name, space)?.all("href", DAVSpace.dav) ?? []).compactMap { DAVPath($0.text, origin: origin) }
    }
}

extension DAVResource {
    /// The resources of an answer; those of other hosts are left out.
    ///
    /// - Throws: ``AtlasError`` `upstream_error` when it is none.
    static func all(in octets: [UInt8], origin: String) throws(AtlasError) -> [DAVResource] {
        let root: XMLElement
        do {
            root = try XMLElement(parsing: octets)
        } catch .missingLibrary {
            throw AtlasError(.notConfigured, "CalDAV needs libxml2, which is not installed (Debian: libxml2).")
        } catch {
            throw garbled
        }
        guard root.name == "multistatus", root.space == DAVSpace.dav else { throw garbled }
        return root.all("response", DAVSpace.dav).compactMap { response in
            guard let path = response.first("href", DAVSpace.dav).flatMap({ DAVPath($0.text, origin: origin) }) else {
                return nil
            }
            let found = response.all("propstat", DAVSpace.dav).filter { (status($0) ?? 200) / 100 == 2 }
            return DAVResource(
                path: path, status: status(response),
                properties: found.flatMap { $0.first("prop", DAVSpace.dav)?.children ?? [] })
        }
    }

    static let garbled = AtlasError(
        .upstreamError,
        "The CalDAV server gave an answer that is no WebDAV. Check that \(ConfigurationKey.caldavURL.name) names a CalDAV server.",
        retryable: false)

    /// `HTTP/1.1 200 OK`
    private static func status(_ element: XMLElement) -> Int? {
        element.first("status", DAVSpace.dav)?.text.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    }
}
