namespace Pltfrms.Iam.Consent.Pages;

internal static class EnglishText
{
    public static PageText Text { get; } = new()
    {
        Language = "en",
        LanguageName = "English",
        Languages = "Language",
        TimeFormat = "d MMM yyyy, HH:mm 'UTC'",
        Verified = "Verified",
        NotVerified = "Not verified",
        Organization = "In organization",
        ProvidedBy = "Provided by",
        For = "For {0}",
        ListSeparator = ", ",
        Consent = Consent(),
        Applications = Applications(),
        Delegations = Delegations(),
        Durations = new DurationText
        {
            Days = ("1 day", "{0} days"),
            Hours = ("1 hour", "{0} hours"),
            Minutes = ("1 minute", "{0} minutes"),
            Seconds = ("1 second", "{0} seconds"),
        },
        Errors = Errors(),
    };

    private static ConsentText Consent() => new()
    {
        Title = "Allow access for {0}?",
        Heading = "{0} asks for access",
        SignedInAs = "You are signed in as {0}.",
        NotVerifiedWarning = "Nobody has checked who is behind this application. Allow access only if you trust it.",
        Scopes = "What it may do",
        ScopesHint = "Untick what you do not want to allow.",
        Required = "Required",
        GrantedBefore = "Allowed before, and still allowed",
        Lifetime = "The access ends after {0} at the latest.",
        OfflineAccess = "The application also has access while you are away.",
        Remember = "Remember my decision",
        RememberHint = "You will not be asked the same again. You can change your mind at any time.",
        Accept = "Allow",
        Deny = "Deny",
        ExpireTime = "Please decide until {0}.",
    };

    private static ApplicationsText Applications() => new()
    {
        Heading = "Applications with access",
        Introduction = "These applications asked you for access. They lose what you deny or revoke here.",
        SignedInAs = "You are signed in as {0}.",
        None = "No application has asked you for access, or you have revoked it all.",
        Granted = "Allowed",
        Denied = "Denied",
        DecidedAt = "Decided on {0}",
        HoldsUntil = "Holds until {0}",
        LastUsedAt = "Last used on {0}",
        NotUsed = "Not in use now",
        Allow = "Allow {0}",
        Deny = "Deny {0}",
        Forget = "Forget the decision about {0}",
        Revoke = "Revoke all access of {0}",
        AllowButton = "Allow",
        DenyButton = "Deny",
        ForgetButton = "Forget",
        RevokeButton = "Revoke all access",
        Changed = "Your change is saved.",
        ChangePending = "Your change is saved, but it is not in effect everywhere yet: the application may use the access that it has for a while longer. That access ends by itself as soon as the service that gave it answers again.",
        GrantsUnknown = "Which applications use their access now, and when they last did, cannot be told at the moment. Applications about which no decision was kept are missing here.",
        Leave = "Leave this page",
        Receipts = "All that you ever decided, as a file (JSON)",
        Left = "You have left the page",
        LeftHint = "Open it again from where you came from.",
    };

    private static DelegationsText Delegations() => new()
    {
        Heading = "Who may act for you",
        Introduction = "While you are away, others can act for you: an application, or somebody whom you know. They can do no more than you may at that time, and what they do is kept as theirs, for you. You can end it whenever you like.",
        Granted = "You let act",
        NoneGranted = "Nobody may act for you.",
        Received = "You may act for",
        NoneReceived = "You may act for nobody else.",
        Revoke = "End",
        GiveBack = "Give back",
        Over = "Over",
        Everywhere = "In every organization",
        WithoutEnd = "Without an end",
        Further = "Others who may act for them: {0}",
        ByAdministrator = "Written by an administrator",
        New = "Let somebody act for you",
        Who = "Who",
        WhoHint = "Choose an application, or give the user name of a person.",
        Client = "Application",
        NoClient = "None",
        User = "User name",
        Scopes = "What they may do",
        Where = "Where",
        HowLong = "Ends after",
        Depth = "How many others may act for them in turn",
        Reason = "Why (for you and them to read)",
        GrantButton = "Let them act",
        NothingToGrant = "There is nothing that you may do here, and so nothing that others could do for you.",
        NotOffered = "Here nobody acts for anybody else.",
        Changed = "Your change is saved.",
        Exceeds = "Nothing is saved: some of it is more than you may do there yourself.",
        Unknown = "Nothing is saved: whom or what you named is not there, or not any more.",
        Incomplete = "Nothing is saved: choose an application or a user, but not both and not yourself, and at least one thing that they may do.",
        TooMany = "Nothing is saved: you have let as many act as there can be. End some first.",
    };

    private static ErrorText Errors() => new()
    {
        WayBack = "Back to the application",
        NotFound = ("This question is no longer open", "It is unknown or too old. Go back to the application and start again."),
        Answered = ("This question is answered already", "Go back to the application. If it still waits, start again there."),
        BadRequest = ("That did not work", "The request is not one that this page sends, or your browser keeps no cookies. Go back to the application and start again."),
        NotOffered = ("There is nothing at this address", "Go back to the application and start again."),
        NotSignedIn = ("You are not signed in here", "The link works once and your visit is short, for your safety. Open the page again from where you came from."),
        Unavailable = ("Not available at the moment", "Wait a little and load the page again. Nothing was decided."),
        Failed = ("Something went wrong", "The fault is ours. Go back to the application and start again."),
    };
}
