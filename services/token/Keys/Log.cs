namespace Pltfrms.Iam.Token.Keys;

internal static partial class Log
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "Keys of realms cannot be read; those that are known sign until others may have replaced them.")]
    public static partial void KeysLost(this ILogger logger, Exception exception);

    [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "Keys of realms are read again.")]
    public static partial void KeysFound(this ILogger logger);

    [LoggerMessage(EventId = 3, Level = LogLevel.Error, Message = "Reading keys of realms failed.")]
    public static partial void KeysFailed(this ILogger logger, Exception exception);

    [LoggerMessage(EventId = 4, Level = LogLevel.Warning, Message = "Realm {RealmId}: key {KeyId} revoked by {ActorKind} {ActorId}.")]
    public static partial void KeyRevoked(this ILogger logger, string realmId, string keyId, string actorKind, string actorId);

    [LoggerMessage(EventId = 5, Level = LogLevel.Information, Message = "Realm {RealmId}: {Algorithm} key rotated by {ActorKind} {ActorId}.")]
    public static partial void KeyRotated(this ILogger logger, string realmId, string algorithm, string actorKind, string actorId);

    [LoggerMessage(EventId = 6, Level = LogLevel.Information, Message = "{Count} private keys encrypted anew under the current key-encryption key {EncryptionKeyId}.")]
    public static partial void KeysEncrypted(this ILogger logger, int count, string encryptionKeyId);

    [LoggerMessage(EventId = 8, Level = LogLevel.Error, Message = "Realm {RealmId}: the private key {KeyId} cannot be decrypted.")]
    public static partial void KeyUnreadable(this ILogger logger, Exception exception, string realmId, string keyId);

    [LoggerMessage(EventId = 7, Level = LogLevel.Error, Message = "The care of keys that nobody uses failed; the next round tries again.")]
    public static partial void CareFailed(this ILogger logger, Exception exception);
}
