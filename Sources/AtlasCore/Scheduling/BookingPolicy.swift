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
}
