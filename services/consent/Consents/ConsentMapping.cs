using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Pltfrms.Iam.Consent.Dialog;
using Pltfrms.Iam.Consent.Receipts;
using Wire = Pltfrms.Iam.Consent.V1;

namespace Pltfrms.Iam.Consent.Consents;

/// <summary>Decisions and receipts between contract and records.</summary>
internal static class ConsentMapping
{
    public static Wire.ConsentRecord ToWire(this ConsentRecord consent) => new()
    {
        RealmId = consent.RealmId,
        UserId = consent.UserId,
        ClientId = consent.ClientId,
        OrganizationId = consent.OrganizationId,
        Scope = consent.Scope,
        Decision = ToWire(consent.Decision),
        DecideTime = consent.DecidedAt.ToTimestamp(),
        ExpireTime = consent.ExpiresAt?.ToTimestamp(),
        TextLanguage = consent.TextLanguage,
        TextVersion = consent.TextVersion,
        Method = consent.Method,
    };

    public static Wire.Application ToWire(this ApplicationAccess application) => new()
    {
        Client = application.Client.ToWire(),
        Consents = { application.Consents.Select(ToWire) },
        LastUseTime = application.LastUsedAt?.ToTimestamp(),
    };

    public static Wire.ConsentReceipt ToWire(this Receipt receipt) => new()
    {
        Sequence = receipt.Sequence,
        Consents = { ReceiptLine.Read(receipt.Consents).Select(line => ToWire(line, receipt)) },
        Method = receipt.Method,
        ActorId = receipt.ActorId.Length > 0 ? receipt.ActorId : receipt.UserId ?? "",
        RecordTime = receipt.RecordedAt.ToTimestamp(),
        Hash = ByteString.CopyFrom(Convert.FromHexString(receipt.Hash)),
    };

    /// <exception cref="Common.Errors.IamException">INVALID_ARGUMENT.</exception>
    public static ConsentChange ToRecord(this Wire.ChangeConsentRequest request) => new()
    {
        RealmId = request.RealmId,
        UserId = request.UserId,
        ClientId = request.ClientId,
        OrganizationId = request.OrganizationId,
        Scope = request.Scope,
        Decision = request.Decision switch
        {
            Wire.ConsentDecision.Granted => ConsentDecision.Granted,
            Wire.ConsentDecision.Denied => ConsentDecision.Denied,
            _ => throw FieldChecks.Wrong("decision", "must be granted or denied"),
        },
    };

    public static ConsentFilter ToRecord(this Wire.RevokeConsentsRequest request) => new()
    {
        RealmId = request.RealmId,
        UserId = request.UserId,
        ClientId = request.ClientId,
        OrganizationId = request.HasOrganizationId ? request.OrganizationId : null,
        Scope = request.Scope,
    };

    private static Wire.ConsentRecord ToWire(ReceiptLine line, Receipt receipt) => new()
    {
        RealmId = receipt.RealmId,
        UserId = receipt.UserId ?? "",
        ClientId = line.ClientId,
        OrganizationId = line.OrganizationId,
        Scope = line.Scope,
        Decision = line.Decision is { } decision ? ToWire(decision) : Wire.ConsentDecision.Unspecified,
        DecideTime = receipt.RecordedAt.ToTimestamp(),
        ExpireTime = line.ExpiresAt?.ToTimestamp(),
        TextLanguage = line.TextLanguage,
        TextVersion = line.TextVersion,
        Method = receipt.Method,
    };

    private static Wire.ConsentDecision ToWire(ConsentDecision decision) =>
        decision == ConsentDecision.Granted ? Wire.ConsentDecision.Granted : Wire.ConsentDecision.Denied;
}
