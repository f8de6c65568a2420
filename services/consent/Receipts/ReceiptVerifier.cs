using System.Globalization;

namespace Pltfrms.Iam.Consent.Receipts;

/// <summary>Walks a realm's receipts from the first on, and finds the first that does not link to the one before.</summary>
public sealed class ReceiptVerifier(string realmId)
{
    private readonly Dictionary<long, string> _anchors = [];

    /// <summary>The number of the newest receipt; 0: there is none.</summary>
    public long Sequence { get; private set; }

    /// <summary>Its hash; empty: there is none.</summary>
    public string Head { get; private set; } = "";

    /// <summary>How many anchors it met.</summary>
    public int Anchored { get; private set; }

    /// <summary>Says which hash a receipt had when it was written into the realm's audit.</summary>
    public void Expect(long sequence, string hash) => _anchors[sequence] = hash;

    /// <summary>Takes the next receipt. Says what is broken about it; null: nothing is.</summary>
    public string? Next(Receipt receipt)
    {
        if (Fault(receipt) is { } fault)
        {
            return string.Create(CultureInfo.InvariantCulture, $"broken at receipt {receipt.Sequence}: {fault}");
        }

        (Sequence, Head) = (receipt.Sequence, receipt.Hash);
        Anchored += _anchors.ContainsKey(Sequence) ? 1 : 0;
        return null;
    }

    /// <summary>After the last receipt: says what the chain lacks at its end; null: nothing.</summary>
    public string? End()
    {
        var newest = _anchors.Keys.DefaultIfEmpty().Max();
        return newest > Sequence
            ? string.Create(CultureInfo.InvariantCulture, $"broken after receipt {Sequence}: the audit knows of receipt {newest}")
            : null;
    }

    private string? Fault(Receipt receipt)
    {
        if (receipt.RealmId != realmId)
        {
            return $"it is of the realm '{receipt.RealmId}'";
        }

        if (receipt.Sequence != Sequence + 1)
        {
            return string.Create(CultureInfo.InvariantCulture, $"receipt {Sequence + 1} is missing");
        }

        if (receipt.Hash != ReceiptChain.Hash(Head, receipt))
        {
            return "its hash does not follow from its fields and the hash before";
        }

        if (receipt is { UserId: { } userId, Salt: { } salt } && ReceiptChain.SubjectOf(salt, userId) != receipt.Subject)
        {
            return "it names another user than its subject stands for";
        }

        return _anchors.TryGetValue(receipt.Sequence, out var anchor) && anchor != receipt.Hash
            ? "the audit has another hash for it; the chain was written anew"
            : null;
    }
}
