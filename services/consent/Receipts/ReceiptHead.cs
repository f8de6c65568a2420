namespace Pltfrms.Iam.Consent.Receipts;

/// <summary>The newest link of a realm's chain.</summary>
public sealed record ReceiptHead
{
    public required string RealmId { get; init; }

    public required long Sequence { get; init; }

    /// <summary>Its hash; in a session that has just taken a number: that of the receipt before, empty where there is none.</summary>
    public required string Hash { get; init; }

    /// <summary>The newest that the realm's audit knows of; 0: none.</summary>
    public required long AnchoredSequence { get; init; }
}
