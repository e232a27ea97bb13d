#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The rules of booking, as the operator has set them.
public struct BookingPolicy: Sendable, Equatable {
    public var hours: WeeklyHours
    /// How many minutes a service takes, by its folded name.
    public var services: [String: Int] = [:]
    /// How many minutes the others take.
    public var minutes = 60
    /// Minutes left free before and after each visit.
    public var buffer = 0
    /// How many minutes ahead a visit must be booked.
    public var notice = 60
    /// How many days ahead one can be.
    public var horizon = 90

    public init(hours: WeeklyHours) { self.hours = hours }

    /// - Throws: ``AtlasError`` `not_configured` that names the variable.
    public init(_ configuration: Configuration) throws(AtlasError) {
        hours = try BusinessHours.read(configuration[.businessHours] ?? "mon-fri 08:00-18:00")
        services = try Self.services(configuration[.bookingServices] ?? "")
        minutes = try configuration.integer(.bookingMinutes, in: Self.lengths) ?? 60
        buffer = try configuration.integer(.bookingBuffer, in: 0...720) ?? 0
        notice = try configuration.integer(.bookingNotice, in: 0...525_600) ?? 60
        horizon = try configuration.integer(.bookingHorizon, in: 1...1000) ?? 90
    }

    /// How many minutes a visit may take.
    static let lengths = 5...1440

    /// How long a visit for that service takes.
    func minutes(of serviceType: String?) -> Int { serviceType.flatMap { services[$0.folded] } ?? minutes }

    /// `deep clean=180, window cleaning=90`
    private static func services(_ text: String) throws(AtlasError) -> [String: Int] {
        var services: [String: Int] = [:]
        for entry in text.split(whereSeparator: { ",;\n".contains($0) }) where !String(entry).trimmed.isEmpty {
            let parts = entry.split(separator: "=", omittingEmptySubsequences: false).map { String($0).trimmed }
            guard parts.count == 2, !parts[0].folded.isEmpty, let minutes = Int(parts[1]), lengths.contains(minutes)
            else {
                throw AtlasError(
                    .notConfigured,
                    "\(ConfigurationKey.bookingServices.name) must name services with their minutes (\(lengths.lowerBound) to "
                        + "\(lengths.upperBound)), like deep clean=180, window cleaning=90, not "
                        + "\"\(String(entry).trimmed.prefix(40))\".")
            }
            services[parts[0].folded] = minutes
        }
        return services
    }
}
