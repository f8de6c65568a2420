using Pltfrms.Iam.Client.Decisions;

namespace Pltfrms.Iam.Client.AspNetCore.Dpop;

/// <summary>The proofs that this instance has seen while they could be used again (RFC 9449 section 11.1); bounded.</summary>
internal sealed class SeenProofs(TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly HashSet<ValueHash> _seen = [];
    private readonly Queue<(ValueHash Proof, DateTimeOffset Until)> _inOrder = [];

    internal enum Outcome
    {
        First,
        Again,
        Full,
    }

    public Outcome Add(string thumbprint, string id, TimeSpan keepFor, int capacity)
    {
        var proof = ValueHash.Of($"{thumbprint}.{id}");
        var now = clock.GetUtcNow();
        lock (_gate)
        {
            while (_inOrder.TryPeek(out var oldest) && oldest.Until <= now)
            {
                _seen.Remove(_inOrder.Dequeue().Proof);
            }
            if (_seen.Contains(proof))
            {
                return Outcome.Again;
            }
            if (_seen.Count >= capacity)
            {
                return Outcome.Full;
            }
            _seen.Add(proof);
            _inOrder.Enqueue((proof, now + keepFor));
            return Outcome.First;
        }
    }
}
