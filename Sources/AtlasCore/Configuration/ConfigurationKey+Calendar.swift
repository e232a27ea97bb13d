extension ConfigurationKey {
    // MARK: Calendar

    public static let caldavURL = Self(
        "ATLAS_TOOLS_CALDAV_URL", .calendar,
        "The CalDAV server: its address, a principal, a calendar home or a calendar. It goes before Google and the local calendar."
    )
    public static let caldavUsername = Self("ATLAS_TOOLS_CALDAV_USERNAME", .calendar, "The user to log in as.")
    public static let caldavPassword = Self(
        "ATLAS_TOOLS_CALDAV_PASSWORD", .calendar, "That user's password; for iCloud and Fastmail an app password.",
        isSecret: true)
    public static let caldavCalendarURL = Self(
        "ATLAS_TOOLS_CALDAV_CALENDAR_URL", .calendar,
        "The calendar that is meant when a tool names none; a path on that server will do.",
        fallback: "the account's first calendar that can be written to")
    public static let googleCalendarEnabled = Self(
        "ATLAS_TOOLS_CALENDAR_ENABLED", .calendar,
        "1 keeps events in Google Calendar, where no CalDAV server is named.",
        fallback: "0")
    public static let googleCalendarClientID = Self(
        "ATLAS_TOOLS_CALENDAR_CLIENT_ID", .calendar, "The OAuth client's id for Google Calendar.")
    public static let googleCalendarClientSecret = Self(
        "ATLAS_TOOLS_CALENDAR_CLIENT_SECRET", .calendar, "The OAuth client's secret.", isSecret: true)
    public static let googleCalendarRefreshToken = Self(
        "ATLAS_TOOLS_CALENDAR_REFRESH_TOKEN", .calendar, "The refresh token for the account.", isSecret: true)
    public static let googleCalendarID = Self(
        "ATLAS_TOOLS_CALENDAR_CALENDAR_ID", .calendar, "The calendar that is meant when a tool names none.",
        fallback: "primary")
    public static let googleServiceAccountFile = Self(
        "ATLAS_TOOLS_CALENDAR_SERVICE_ACCOUNT_FILE", .calendar,
        "The JSON key file of a service account, instead of an OAuth client and a refresh token.")
    public static let googleServiceAccountSubject = Self(
        "ATLAS_TOOLS_CALENDAR_SUBJECT", .calendar,
        "The user whom the service account acts for (domain-wide delegation).", fallback: "itself")
    public static let googleCalendarURL = Self(
        "ATLAS_GOOGLE_CALENDAR_URL", .calendar, "Where the Google Calendar API is.",
        fallback: "https://www.googleapis.com")
    public static let localCalendars = Self(
        "ATLAS_LOCAL_CALENDARS", .calendar,
        "The calendars that are made in the database where no other provider is set up, separated by commas; the first becomes the primary one where there is none yet.",
        fallback: "Calendar")
    static let calendar: [ConfigurationKey] = [
        caldavURL, caldavUsername, caldavPassword, caldavCalendarURL, googleCalendarEnabled, googleCalendarClientID,
        googleCalendarClientSecret, googleCalendarRefreshToken, googleCalendarID, googleServiceAccountFile,
        googleServiceAccountSubject, googleCalendarURL, localCalendars,
    ]

    // MARK: Scheduling

    public static let businessHours = Self(
        "ATLAS_BUSINESS_HOURS", .scheduling,
        "When visits can be: like mon-fri 08:00-18:00, sat 09:00-13:00 on the wall clock of the business.",
        fallback: "mon-fri 08:00-18:00")
    public static let bookingServices = Self(
        "ATLAS_BOOKING_SERVICES", .scheduling,
        "How many minutes each service takes: like deep clean=180, window cleaning=90.", fallback: "all take the same")
    public static let bookingMinutes = Self(
        "ATLAS_BOOKING_MINUTES", .scheduling, "How many minutes a visit takes whose service has no time of its own.",
        fallback: "60")
    public static let bookingBuffer = Self(
        "ATLAS_BOOKING_BUFFER_MINUTES", .scheduling, "Minutes left free before and after every visit.", fallback: "0")
    public static let bookingNotice = Self(
        "ATLAS_BOOKING_NOTICE_MINUTES", .scheduling, "How many minutes ahead a visit must be booked at least.",
        fallback: "60")
    public static let bookingHorizon = Self(
        "ATLAS_BOOKING_HORIZON_DAYS", .scheduling, "How many days ahead a visit can be booked at most.", fallback: "90")
    static let scheduling: [ConfigurationKey] = [
        businessHours, bookingServices, bookingMinutes, bookingBuffer, bookingNotice, bookingHorizon,
    ]
}
