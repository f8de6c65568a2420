using Pltfrms.Iam.Client.Feeds;

namespace Pltfrms.Iam.Client.Local;

/// <summary>
/// What was decided about one token at one state of the realm, as far as nothing else matters to it: neither the time nor where the request came from.
/// Reads take no lock; of two writers at once one is forgotten, and decides again.
/// </summary>
internal sealed class KnownAnswers(RealmState state)
{
    /// <summary>A service asks about few permissions and organizations with one token; more replace each other.</summary>
    private const int Capacity = 16;

    private Entry[] _entries = [];

    public RealmState State => state;

    /// <summary>The token's introspection; null: nobody asked.</summary>
    public Task<Introspection>? Introspection { get; set; }

    public Task<PermissionDecision>? Find(in LocalQuestion question)
    {
        foreach (ref readonly var entry in Volatile.Read(ref _entries).AsSpan())
        {
            if (entry.Permission == question.Permission && entry.OrganizationId == question.OrganizationId
                && entry.Audience == question.Audience && entry.SenderConstraintVerified == question.SenderConstraintVerified)
            {
                return entry.Answer;
            }
        }
        return null;
    }

    public void Keep(in LocalQuestion question, Task<PermissionDecision> answer)
    {
        var entry = new Entry(question.Permission, question.OrganizationId, question.Audience, question.SenderConstraintVerified, answer);
        var entries = Volatile.Read(ref _entries);
        Volatile.Write(ref _entries, [entry, .. entries.Length < Capacity ? entries : entries[..(Capacity - 1)]]);
    }

    private readonly record struct Entry(
        string Permission, string? OrganizationId, string? Audience, bool SenderConstraintVerified, Task<PermissionDecision> Answer);
}
