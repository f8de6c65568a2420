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
    private readonly ArrayBufferWriter<byte> _details = new(1024);
    private readonly HashedFields _hashed = new();
    private readonly Utf8JsonWriter _eventsJson;
    private readonly Utf8JsonWriter _detailsJson;
    private readonly byte[] _happenedAt = new byte[InstantText.Length];
    private readonly byte[] _expiresAt = new byte[InstantText.Length];
    private readonly byte[] _number = new byte[20];
    private readonly byte[] _hash = new byte[HashedFields.HashLength];
    private HashSet<TokenEventKey> _keys = [];
    private string _realmId = "";
    private string _chainId = "";
    private long _chainNumber;
    private int _hashLength;
    private int _count;
    private DateTimeOffset _first;
    private DateTimeOffset _last;
    private DateTimeOffset _expires;

    public TokenEventBatchBuilder()
    {
        _eventsJson = new Utf8JsonWriter(_events, Options);
        _detailsJson = new Utf8JsonWriter(_details, Options);
    }

    /// <summary>Whether it is time to take what was added.</summary>
    public bool IsFull => _count == TokenEventBatch.Most || _events.WrittenCount >= MostBytes;

    /// <summary>Forgets all, and goes on behind the last event of a chain.</summary>
    public void Begin(string realmId, string chainId, long lastNumber, string lastHash)
    {
        (_realmId, _chainId, _chainNumber) = (realmId, chainId, lastNumber);
        _hashLength = Encoding.UTF8.GetBytes(lastHash, _hash);
        Clear();
    }

    public void Add(TokenEvent happened)
    {
        var fields = TokenEventFields.Of(happened);
        var expiresAt = happened.HappenedAt + happened.Realm.AuditSettings.TokenEventRetention;
        InstantText.Write(happened.HappenedAt, _happenedAt);
        InstantText.Write(expiresAt, _expiresAt);
        WriteDetails(happened, fields);
        Link(happened, fields);
        WriteEvent(happened, fields);
        AddKeys(happened, fields);
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

    public void Dispose()
    {
        _eventsJson.Dispose();
        _detailsJson.Dispose();
    }

    private void Clear()
    {
        _count = 0;
        _keys.Clear();
        _events.ResetWrittenCount();
        _eventsJson.Reset();
        _eventsJson.WriteStartArray();
    }

    private void WriteDetails(TokenEvent happened, in TokenEventFields fields)
    {
        _details.ResetWrittenCount();
        _detailsJson.Reset();
        TokenEventJson.WriteDetails(_detailsJson, happened, fields);
        _detailsJson.Flush();
    }

    /// <summary>The fields of <see cref="TokenEventChains.HashOf"/>, without a row.</summary>
    private void Link(TokenEvent happened, in TokenEventFields fields)
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
            .Add(fields.UserId)
            .Add(fields.TokenId)
            .Add(fields.FamilyId)
            .Add(_details.WrittenSpan)
            .Hash(_hash);
        _hashLength = HashedFields.HashLength;
    }

    private void WriteEvent(TokenEvent happened, in TokenEventFields fields)
    {
        _eventsJson.WriteStartObject();
        _eventsJson.WriteString("event_id"u8, happened.EventId);
        _eventsJson.WriteString("happened_at"u8, _happenedAt);
        _eventsJson.WriteString("expires_at"u8, _expiresAt);
        _eventsJson.WriteString("kind"u8, TokenEventJson.NameOf(happened.Kind));
        _eventsJson.WriteString("client_id"u8, happened.ClientId);
        TokenEventJson.WriteText(_eventsJson, "user_id"u8, fields.UserId);
        TokenEventJson.WriteText(_eventsJson, "token_id"u8, fields.TokenId);
        TokenEventJson.WriteText(_eventsJson, "family_id"u8, fields.FamilyId);
        _eventsJson.WritePropertyName("details"u8);
        _eventsJson.WriteRawValue(_details.WrittenSpan, skipInputValidation: true);
        _eventsJson.WriteString("hash"u8, _hash);
        _eventsJson.WriteEndObject();
        // So that the length is known.
        _eventsJson.Flush();
    }

    private void AddKeys(TokenEvent happened, in TokenEventFields fields)
    {
        _keys.Add(new(TokenEventKey.Id, TokenEventKey.OfId(happened.EventId)));
        _keys.Add(new(TokenEventKey.Client, happened.ClientId));
        if (fields.UserId.Length > 0)
        {
            _keys.Add(new(TokenEventKey.User, fields.UserId));
        }

        if (fields.FamilyId.Length > 0)
        {
            _keys.Add(new(TokenEventKey.Family, fields.FamilyId));
        }

        if (happened.Kind != TokenEventKind.Issued)
        {
            _keys.Add(new(TokenEventKey.EventKind, TokenEventJson.NameOf(happened.Kind)));
        }
    }
}
