"""Events in the manner of Apple's, Google's and Microsoft's programs, with what only they know. Each is on 2 March 2027, 9 to 10 o'clock in Chicago."""

from agenda import written, zone

APPLE = written([
    "BEGIN:VCALENDAR", "CALSCALE:GREGORIAN", "PRODID:-//Apple Inc.//macOS 15.5//EN", "VERSION:2.0", *zone("America/Chicago"), "BEGIN:VEVENT",
    "CREATED:20261101T100000Z", "DTEND;TZID=America/Chicago:20270302T100000", "DTSTAMP:20261101T100105Z", "DTSTART;TZID=America/Chicago:20270302T090000",
    "LAST-MODIFIED:20261101T100104Z", "LOCATION:Sparkle Office\\n5 Main St\\, Springfield", "SEQUENCE:1", "SUMMARY:Apfel – Besprechung",
    "TRANSP:OPAQUE", "UID:6E1D4C0B-2B7B-4E0F-9A55-0D5A3A1C7F10", "URL;VALUE=URI:https://meet.example/j/123?pwd=a%2Cb",
    "X-APPLE-CREATOR-IDENTITY:com.apple.calendar", "X-APPLE-CREATOR-TEAM-IDENTITY:0000000000",
    'X-APPLE-STRUCTURED-LOCATION;VALUE=URI;X-ADDRESS="5 Main St, Springfield, IL";X-APPLE-MAPKIT-HANDLE=CAESvAEaEgk;X-APPLE-RADIUS=70;X-TITLE="Sparkle '
    'Office":geo:39.799770,-89.643610', "X-APPLE-TRAVEL-ADVISORY-BEHAVIOR:AUTOMATIC", "BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:Reminder", "TRIGGER:-PT30M",
    "UID:0B1FBD4E-5C9C-4C79-8F3C-3A8B5D1C2E11", "X-WR-ALARMUID:0B1FBD4E-5C9C-4C79-8F3C-3A8B5D1C2E11", "X-APPLE-DEFAULT-ALARM:TRUE", "END:VALARM", "END:VEVENT",
    "END:VCALENDAR"])

GOOGLE = written([
    "BEGIN:VCALENDAR", "PRODID:-//Google Inc//Google Calendar 70.9054//EN", "VERSION:2.0", "CALSCALE:GREGORIAN", *zone("America/Chicago"), "BEGIN:VEVENT",
    "DTSTART;TZID=America/Chicago:20270302T090000", "DTEND;TZID=America/Chicago:20270302T100000", "RRULE:FREQ=WEEKLY;WKST=SU;COUNT=4;BYDAY=TU",
    "EXDATE;TZID=America/Chicago:20270309T090000", "DTSTAMP:20261101T100105Z", "ORGANIZER;CN=Ann Lee:mailto:ann@north.example",
    "UID:4k2v9q8n3j7m1c5x0z6b@google.com", "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;CN=Ann Lee;X-NUM-GUESTS=0:mailto:ann@north.example",
    "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE;CN=bo@south.example;X-NUM-GUESTS=0:mailto:bo@south.example",
    "X-GOOGLE-CONFERENCE:https://meet.google.example/abc-defg-hij", "CREATED:20261101T100000Z",
    "DESCRIPTION:<b>Agenda</b>\\n<a href=\"https://north.example/?a=1&b=2\">the paper</a>\\n\\n-::~:~::~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~::-\\nDo not edit "
    "this section of the description.", "LAST-MODIFIED:20261101T100104Z", "LOCATION:", "SEQUENCE:0", "STATUS:CONFIRMED", "SUMMARY:Google meeting", "TRANSP:OPAQUE",
    "BEGIN:VALARM", "ACTION:EMAIL", "DESCRIPTION:This is an event reminder", "SUMMARY:Alarm notification", "ATTENDEE:mailto:ann@north.example",
    "TRIGGER:-P0DT0H10M0S", "END:VALARM", "END:VEVENT", "BEGIN:VEVENT", "DTSTART;TZID=America/Chicago:20270317T140000",
    "DTEND;TZID=America/Chicago:20270317T150000", "DTSTAMP:20261101T100105Z", "UID:4k2v9q8n3j7m1c5x0z6b@google.com",
    "RECURRENCE-ID;TZID=America/Chicago:20270316T090000", "SEQUENCE:1", "STATUS:CONFIRMED", "SUMMARY:Google meeting moved", "X-GOOGLE-CONFERENCE:https://meet.google.example/abc",
    "END:VEVENT", "END:VCALENDAR"])

# Outlook names zones in its own way and describes them itself.
OUTLOOK = written([
    "BEGIN:VCALENDAR", "PRODID:-//Microsoft Corporation//Outlook 16.0 MIMEDIR//EN", "VERSION:2.0", "X-MS-OLK-FORCEINSPECTOROPEN:TRUE",
    *zone("America/Chicago", "Central Standard Time"), "BEGIN:VEVENT",
    'ATTENDEE;CN="Lee, Bo";RSVP=TRUE:mailto:bo@south.example', "CLASS:PUBLIC", "CREATED:20261101T100000Z", "DESCRIPTION:Please read.\\n\\nKind regards\\n",
    'DTEND;TZID="Central Standard Time":20270302T100000', "DTSTAMP:20261101T100105Z", 'DTSTART;TZID="Central Standard Time":20270302T090000',
    "LAST-MODIFIED:20261101T100104Z", "LOCATION:Room 4", 'ORGANIZER;CN="Ann Lee":mailto:ann@north.example', "PRIORITY:5", "SEQUENCE:0",
    "SUMMARY;LANGUAGE=en-us:Quarterly review", "TRANSP:OPAQUE", "UID:040000008200E00074C5B7101A82E00800000000B0C1A2D3E4F5DA01000000000000000010000000",
    'X-ALT-DESC;FMTTYPE=text/html:<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 3.2//EN">\\n<HTML>\\n<BODY>\\n<P>Please read.</P>\\n</BODY>\\n</HTML>',
    "X-MICROSOFT-CDO-BUSYSTATUS:BUSY", "X-MICROSOFT-CDO-IMPORTANCE:1", "X-MICROSOFT-DISALLOW-COUNTER:FALSE", "X-MS-OLK-AUTOFILLLOCATION:FALSE",
    "X-MS-OLK-CONFTYPE:0", "BEGIN:VALARM", "TRIGGER:-PT15M", "ACTION:DISPLAY", "DESCRIPTION:Reminder", "END:VALARM", "END:VEVENT", "END:VCALENDAR"])

MANNERS = {"Apple": APPLE, "Google": GOOGLE, "Outlook": OUTLOOK}
