import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Config, readConfig } from '../src/config.ts'

const byDefault: Config = {
  port: 8080,
  host: '127.0.0.1',
  data: resolve('regulars-data'),
  databaseUrl: null,
  secretKey: null,
  trustProxy: false,
  smtpUrl: null,
  mailFrom: null,
  smsWebhookUrl: null,
  smsWebhookSecret: null,
  logLevel: 'info',
  databaseConnections: 16,
  preparedStatements: true,
}

const key = Buffer.from(Array.from({ length: 32 }, (_, index) => 255 - index))

describe('the configuration', () => {
  const read: {
    name: string
    environment?: Record<string, string>
    options?: Record<string, string>
    differs: Partial<Config>
  }[] = [
    { name: 'of an empty environment is the defaults', differs: {} },
    {
      name: 'of variables that are empty is the defaults',
      environment: { REGULARS_PORT: '', DATABASE_URL: '', REGULARS_SECRET_KEY: ' ' },
      differs: {},
    },
    {
      name: 'takes an option before its variable',
      environment: { REGULARS_PORT: '1', REGULARS_HOST: '::1' },
      options: { port: '2' },
      differs: { port: 2, host: '::1' },
    },
    { name: 'knows a folder in memory', options: { data: 'memory' }, differs: { data: 'memory' } },
    {
      name: 'reads a key in hex',
      environment: { REGULARS_SECRET_KEY: key.toString('hex').toUpperCase() },
      differs: { secretKey: key },
    },
    {
      name: 'reads a key in base64',
      environment: { REGULARS_SECRET_KEY: ` ${key.toString('base64')}\n` },
      differs: { secretKey: key },
    },
    {
      name: 'reads a key in the base64 of addresses',
      environment: { REGULARS_SECRET_KEY: key.toString('base64url') },
      differs: { secretKey: key },
    },
    {
      name: 'takes an outside database with its key',
      environment: {
        DATABASE_URL: 'postgres://user@host/name',
        REGULARS_SECRET_KEY: key.toString('hex'),
        REGULARS_PREPARED_STATEMENTS: 'off',
      },
      differs: {
        databaseUrl: 'postgres://user@host/name',
        secretKey: key,
        preparedStatements: false,
      },
    },
    {
      name: 'takes a folder named on the command line before an outside database',
      environment: { DATABASE_URL: 'postgres://user@host/name' },
      options: { data: 'memory' },
      differs: { data: 'memory' },
    },
    {
      name: 'takes what one-time codes are sent by',
      environment: {
        REGULARS_SMTP_URL: 'smtps://user:password@mail.example:465',
        REGULARS_MAIL_FROM: 'Harbor Coffee <codes@harbor.example>',
        REGULARS_SMS_WEBHOOK_URL: 'https://sms.example/send',
        REGULARS_SMS_WEBHOOK_SECRET: 'webhook-secret',
      },
      differs: {
        smtpUrl: 'smtps://user:password@mail.example:465',
        mailFrom: 'Harbor Coffee <codes@harbor.example>',
        smsWebhookUrl: 'https://sms.example/send',
        smsWebhookSecret: 'webhook-secret',
      },
    },
  ]
  for (const { name, environment = {}, options = {}, differs } of read) {
    test(name, () => {
      expect(readConfig(environment, options)).toEqual({
        kind: 'read',
        config: { ...byDefault, ...differs },
      })
    })
  }

  const keys = [
    { name: 'one byte short', text: key.subarray(1).toString('base64') },
    { name: 'one byte long', text: Buffer.concat([key, key]).subarray(0, 33).toString('base64') },
    { name: 'of hex with one digit missing', text: key.toString('hex').slice(1) },
    { name: 'of other text', text: 'correct horse battery staple, and so on.' },
  ]
  for (const { name, text } of keys) {
    test(`refuses a key ${name} without repeating it`, () => {
      expect(readConfig({ REGULARS_SECRET_KEY: text })).toEqual({
        kind: 'refused',
        problems: [
          'REGULARS_SECRET_KEY: found something else; allowed is 32 bytes in base64 or hex ' +
            '(openssl rand -base64 32).',
        ],
      })
    })
  }

  const halves = [
    {
      name: 'a mail server without a sender',
      environment: { REGULARS_SMTP_URL: 'smtp://mail.example' },
      problem: 'REGULARS_MAIL_FROM: found nothing; with REGULARS_SMTP_URL it must be set.',
    },
    {
      name: 'a secret without a webhook',
      environment: { REGULARS_SMS_WEBHOOK_SECRET: 'webhook-secret' },
      problem:
        'REGULARS_SMS_WEBHOOK_URL: found nothing; with REGULARS_SMS_WEBHOOK_SECRET it must be set.',
    },
    {
      name: 'a mail server of another protocol, without repeating its password',
      environment: {
        REGULARS_SMTP_URL: 'https://user:password@mail.example',
        REGULARS_MAIL_FROM: 'codes@harbor.example',
      },
      problem:
        'REGULARS_SMTP_URL: found something else; allowed is an address that begins with smtp:// or smtps://.',
    },
  ]
  for (const { name, environment, problem } of halves) {
    test(`refuses ${name}`, () => {
      expect(readConfig(environment)).toEqual({ kind: 'refused', problems: [problem] })
    })
  }
})
