namespace Pltfrms.Iam.Consent.Pages;

internal static class GermanText
{
    public static PageText Text { get; } = new()
    {
        Language = "de",
        LanguageName = "Deutsch",
        Languages = "Sprache",
        TimeFormat = "dd.MM.yyyy, HH:mm 'Uhr (UTC)'",
        Verified = "Geprüft",
        NotVerified = "Nicht geprüft",
        Organization = "In Organisation",
        ProvidedBy = "Angeboten von",
        For = "Für {0}",
        ListSeparator = ", ",
        Consent = Consent(),
        Applications = Applications(),
        Delegations = Delegations(),
        Durations = new DurationText
        {
            Days = ("1 Tag", "{0} Tagen"),
            Hours = ("1 Stunde", "{0} Stunden"),
            Minutes = ("1 Minute", "{0} Minuten"),
            Seconds = ("1 Sekunde", "{0} Sekunden"),
        },
        Errors = Errors(),
    };

    private static ConsentText Consent() => new()
    {
        Title = "Zugriff für {0} erlauben?",
        Heading = "{0} bittet um Zugriff",
        SignedInAs = "Sie sind angemeldet als {0}.",
        NotVerifiedWarning = "Niemand hat geprüft, wer hinter dieser Anwendung steht. Erlauben Sie den Zugriff nur, wenn Sie ihr vertrauen.",
        Scopes = "Was sie tun darf",
        ScopesHint = "Entfernen Sie das Häkchen bei dem, was Sie nicht erlauben möchten.",
        Required = "Erforderlich",
        GrantedBefore = "Früher erlaubt und weiterhin erlaubt",
        Lifetime = "Der Zugriff endet spätestens nach {0}.",
        OfflineAccess = "Die Anwendung hat auch Zugriff, während Sie abwesend sind.",
        Remember = "Entscheidung merken",
        RememberHint = "Sie werden dasselbe nicht noch einmal gefragt. Sie können Ihre Meinung jederzeit ändern.",
        Accept = "Erlauben",
        Deny = "Ablehnen",
        ExpireTime = "Bitte entscheiden Sie bis {0}.",
    };

    private static ApplicationsText Applications() => new()
    {
        Heading = "Anwendungen mit Zugriff",
        Introduction = "Diese Anwendungen haben Sie um Zugriff gebeten. Was Sie hier ablehnen oder entziehen, verlieren sie.",
        SignedInAs = "Sie sind angemeldet als {0}.",
        None = "Keine Anwendung hat Sie um Zugriff gebeten, oder Sie haben alles entzogen.",
        Granted = "Erlaubt",
        Denied = "Abgelehnt",
        DecidedAt = "Entschieden am {0}",
        HoldsUntil = "Gilt bis {0}",
        LastUsedAt = "Zuletzt benutzt am {0}",
        NotUsed = "Zurzeit nicht in Gebrauch",
        Allow = "{0} erlauben",
        Deny = "{0} ablehnen",
        Forget = "Entscheidung über {0} vergessen",
        Revoke = "{0} den ganzen Zugriff entziehen",
        AllowButton = "Erlauben",
        DenyButton = "Ablehnen",
        ForgetButton = "Vergessen",
        RevokeButton = "Ganzen Zugriff entziehen",
        Changed = "Ihre Änderung ist gespeichert.",
        ChangePending = "Ihre Änderung ist gespeichert, wirkt aber noch nicht überall: Die Anwendung kann den Zugriff, den sie hat, noch eine Weile benutzen. Er endet von selbst, sobald der Dienst, der ihn gegeben hat, wieder antwortet.",
        GrantsUnknown = "Welche Anwendungen ihren Zugriff zurzeit benutzen und wann zuletzt, lässt sich im Moment nicht sagen. Anwendungen, über die keine Entscheidung gemerkt wurde, fehlen hier.",
        Leave = "Diese Seite verlassen",
        Receipts = "Alles, was Sie je entschieden haben, als Datei (JSON)",
        Left = "Sie haben die Seite verlassen",
        LeftHint = "Öffnen Sie sie wieder von dort, woher Sie gekommen sind.",
    };

    private static DelegationsText Delegations() => new()
    {
        Heading = "Wer für Sie handeln darf",
        Introduction = "Während Sie abwesend sind, können andere für Sie handeln: eine Anwendung oder jemand, den Sie kennen. Sie können nicht mehr, als Sie zu dieser Zeit selbst dürfen, und was sie tun, wird als ihr Handeln für Sie festgehalten. Sie können es jederzeit beenden.",
        Granted = "Sie lassen handeln",
        NoneGranted = "Niemand darf für Sie handeln.",
        Received = "Sie dürfen handeln für",
        NoneReceived = "Sie dürfen für niemanden sonst handeln.",
        Revoke = "Beenden",
        GiveBack = "Zurückgeben",
        Over = "Beendet",
        Everywhere = "In jeder Organisation",
        WithoutEnd = "Ohne Ende",
        Further = "Weitere, die dafür handeln dürfen: {0}",
        ByAdministrator = "Von der Verwaltung eingetragen",
        New = "Jemanden für sich handeln lassen",
        Who = "Wer",
        WhoHint = "Wählen Sie eine Anwendung oder geben Sie den Benutzernamen einer Person an.",
        Client = "Anwendung",
        NoClient = "Keine",
        User = "Benutzername",
        Scopes = "Was sie dürfen",
        Where = "Wo",
        HowLong = "Endet nach",
        Depth = "Wie viele weitere der Reihe nach dafür handeln dürfen",
        Reason = "Warum (für Sie und die anderen zu lesen)",
        GrantButton = "Handeln lassen",
        NothingToGrant = "Es gibt hier nichts, was Sie dürfen, und so nichts, was andere für Sie tun könnten.",
        NotOffered = "Hier handelt niemand für andere.",
        Changed = "Ihre Änderung ist gespeichert.",
        Exceeds = "Nichts ist gespeichert: Einiges davon ist mehr, als Sie dort selbst dürfen.",
        Unknown = "Nichts ist gespeichert: Wen oder was Sie nennen, gibt es nicht oder nicht mehr.",
        Incomplete = "Nichts ist gespeichert: Wählen Sie eine Anwendung oder eine Person, aber nicht beides und nicht sich selbst, und mindestens eines, was sie dürfen.",
        TooMany = "Nichts ist gespeichert: Sie lassen schon so viele handeln wie möglich. Beenden Sie erst einige.",
    };

    private static ErrorText Errors() => new()
    {
        WayBack = "Zurück zur Anwendung",
        NotFound = ("Diese Frage ist nicht mehr offen", "Sie ist unbekannt oder zu alt. Gehen Sie zurück zur Anwendung und beginnen Sie noch einmal."),
        Answered = ("Diese Frage ist schon beantwortet", "Gehen Sie zurück zur Anwendung. Falls sie noch wartet, beginnen Sie dort noch einmal."),
        BadRequest = ("Das hat nicht funktioniert", "Die Anfrage ist keine, die diese Seite sendet, oder Ihr Browser behält keine Cookies. Gehen Sie zurück zur Anwendung und beginnen Sie noch einmal."),
        NotOffered = ("Unter dieser Adresse ist nichts", "Gehen Sie zurück zur Anwendung und beginnen Sie noch einmal."),
        NotSignedIn = ("Sie sind hier nicht angemeldet", "Zu Ihrer Sicherheit gilt der Link einmal und Ihr Besuch nur kurz. Öffnen Sie die Seite wieder von dort, woher Sie gekommen sind."),
        Unavailable = ("Zurzeit nicht erreichbar", "Warten Sie etwas und laden Sie die Seite neu. Es wurde nichts entschieden."),
        Failed = ("Etwas ist schiefgegangen", "Der Fehler liegt bei uns. Gehen Sie zurück zur Anwendung und beginnen Sie noch einmal."),
    };
}
