using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pltfrms.Iam.Common.Chains;
using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.Token.Audit;

/// <summary>
/// Makes batches of one realm's events, linked to one another: each event has the SHA-256 of the one before and of itself, as docs/audit.md says.
/// It keeps its buffers, so that an event costs its text and its hash and hardly anything to collect.
/// </summary>
internal sealed class TokenEventBatchBuilder : IDisposable
{
    // A text of more characters would be kept apart from all other objects and be collected late.
    private const int MostBytes = 32_000;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly ArrayBufferWriter<byte> _events = new(2 * MostBytes);
    private readonly HashedFields _hashed = new();
    private readonly Utf8JsonWriter _eventsJson;
    private readonly byte[] _happenedAt = new byte[InstantText.Length];
    private readonly byte[] _expiresAt = new byte[InstantText.Length];
    private readonly byte[] _number = new byte[20];
    private readonly byte[] _hash = new byte[HashedFields.HashLength];
    private HashSet<TokenEventKey> _keys = [];
    private string? _idKey;
    private string? _clientKey;
    private string _realmId = "";
    private string _chainId = "";
    private long _chainNumber;
    private int _hashLength;
    private int _count;
    private DateTimeOffset _first;
    private DateTimeOffset _last;
    private DateTimeOffset _expires;

    public TokenEventBatchBuilder() => _eventsJson = new Utf8JsonWriter(_events, Options);

    /// <summary>Whether it is time to take what was added.</summary>
    public bool IsFull => _count == TokenEventBatch.Most || _events.WrittenCount >= MostBytes;

    /// <summary>Forgets all, and goes on behind the last event of a chain.</summary>
    public void Begin(string realmId, string chainId, long lastNumber, string lastHash)
    {
        (_realmId, _chainId, _chainNumber) = (realmId, chainId, lastNumber);
        _hashLength = Encoding.UTF8.GetBytes(lastHash, _hash);
        Clear();
    }

    public void Add(TokenEventRecord happened)
    {
        InstantText.Write(happened.HappenedAt, _happenedAt);
        var expiresAt = happened.ExpiresAt;
        InstantText.Write(expiresAt, _expiresAt);
        Link(happened);
        WriteEvent(happened);
        AddKeys(happened);
        _first = _count == 0 || happened.HappenedAt < _first ? happened.HappenedAt : _first;
        _last = _count == 0 || happened.HappenedAt > _last ? happened.HappenedAt : _last;
        _expires = _count == 0 || expiresAt > _expires ? expiresAt : _expires;
        _count++;
    }

    /// <summary>What was added since the last time, one event or more.</summary>
    public TokenEventBatch Take()
    {
        _eventsJson.WriteEndArray();
        _eventsJson.Flush();
        var batch = new TokenEventBatch
        {
            RealmId = _realmId,
            FirstAt = _first,
            LastAt = _last,
            ExpiresAt = _expires,
            ChainId = _chainId,
            ChainNumber = _chainNumber - _count + 1,
            Events = Encoding.UTF8.GetString(_events.WrittenSpan),
            Count = _count,
            Head = Encoding.UTF8.GetString(_hash),
            Keys = _keys,
        };
        _keys = [];
        Clear();
        return batch;
    }

    public void Dispose() => _eventsJson.Dispose();

    private void Clear()
    {
        _count = 0;
        _keys.Clear();
        (_idKey, _clientKey) = (null, null);
        _events.ResetWrittenCount();
        _eventsJson.Reset();
        _eventsJson.WriteStartArray();
    }

    /// <summary>The fields of <see cref="TokenEventChains.HashOf"/>, without a row.</summary>
    private void Link(TokenEventRecord happened)
    {
        _chainNumber++;
        Utf8Formatter.TryFormat(_chainNumber, _number, out var digits);
        _hashed.Clear()
            .Add(TokenEventChains.Version)
            .Add(_hash.AsSpan(0, _hashLength))
            .Add(_realmId)
            .Add(_chainId)
            .Add(_number.AsSpan(0, digits))
            .Add(happened.EventId)
            .Add(_happenedAt)
            .Add(_expiresAt)
            .Add(TokenEventJson.NameOf(happened.Kind))
            .Add(happened.ClientId)
            .Add(happened.UserId)
            .Add(happened.TokenId)
            .Add(happened.FamilyId)
            .Add(happened.Details)
            .Hash(_hash);
        _hashLength = HashedFields.HashLength;
    }

    private void WriteEvent(TokenEventRecord happened)
    {
        _eventsJson.WriteStartObject();
        _eventsJson.WriteString("event_id"u8, happened.EventId);
        _eventsJson.WriteString("happened_at"u8, _happenedAt);
        _eventsJson.WriteString("expires_at"u8, _expiresAt);
        _eventsJson.WriteString("kind"u8, TokenEventJson.NameOf(happened.Kind));
        _eventsJson.WriteString("client_id"u8, happened.ClientId);
        TokenEventJson.WriteText(_eventsJson, "user_id"u8, happened.UserId);
        TokenEventJson.WriteText(_eventsJson, "token_id"u8, happened.TokenId);
        TokenEventJson.WriteText(_eventsJson, "family_id"u8, happened.FamilyId);
        _eventsJson.WritePropertyName("details"u8);
        _eventsJson.WriteRawValue(happened.Details, skipInputValidation: true);
        _eventsJson.WriteString("hash"u8, _hash);
        _eventsJson.WriteEndObject();
        // So that the length is known.
        _eventsJson.Flush();
    }

    private void AddKeys(TokenEventRecord happened)
    {
        // Most events share both with the one before.
        if (!TokenEventKey.BeginningOf(happened.EventId).SequenceEqual(_idKey))
        {
            _idKey = TokenEventKey.OfId(happened.EventId);
            _keys.Add(new(TokenEventKey.Id, _idKey));
        }

        if (happened.ClientId != _clientKey)
        {
            _clientKey = happened.ClientId;
            _keys.Add(new(TokenEventKey.Client, _clientKey));
        }

        if (happened.UserId.Length > 0)
        {
            _keys.Add(new(TokenEventKey.User, happened.UserId));
        }

        if (happened.FamilyId.Length > 0)
        {
            _keys.Add(new(TokenEventKey.Family, happened.FamilyId));
        }

        if (happened.Kind != TokenEventKind.Issued)
        {
            _keys.Add(new(TokenEventKey.EventKind, TokenEventJson.NameOf(happened.Kind)));
        }
    }
}
