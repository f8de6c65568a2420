using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Pltfrms.Iam.Common.Chains;
using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Consent.Receipts;

/// <summary>Links the receipts of a realm: each has the SHA-256 of the one before and of itself. docs/audit.md defines every byte.</summary>
public static class ReceiptChain
{
    // Another order or set of fields is another version.
    private const string Version = "pltfrms.iam.consent_receipts.v1";

    private const int SaltBytes = 16;

    /// <summary>The hash that the receipt must have.</summary>
    /// <param name="previous">The hash of the receipt before; empty: this is the first.</param>
    /// <param name="receipt">Its own hash does not matter.</param>
    public static string Hash(string previous, Receipt receipt) => new HashedFields()
        .Add(Version)
        .Add(previous)
        .Add(receipt.RealmId)
        .Add(receipt.Sequence.ToString(CultureInfo.InvariantCulture))
        .Add(InstantText.Write(receipt.RecordedAt))
        .Add(receipt.Subject)
        .Add(receipt.Method)
        .Add(receipt.ActorId)
        .Add(receipt.Consents)
        .Hash();

    public static string NewSalt() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SaltBytes));

    /// <summary>What stands for a user in the chain.</summary>
    public static string SubjectOf(string salt, string userId) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{salt}:{userId}")));
}
